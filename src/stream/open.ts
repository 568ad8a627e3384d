import { type Answer, bugOf } from './attempt.ts';
import type { Trouble } from './dead-letter.ts';
import { classOf, type Failure } from './failure.ts';
import type { Message } from './message.ts';
import type { Outcome } from './outcome.ts';
import type { HandlerContext, Stage } from './stage.ts';

/** What became of a message in the end: no longer "try again". */
export type Settled<Out> = { readonly outcome: Exclude<Outcome<Out>, { kind: 'retry' }>; readonly trouble: Trouble };

/** A message of a batch that is not settled yet. */
export type Open<In> = {
  readonly index: number;
  readonly message: Message<In>;
  /** Attempts that count against the limit; those that met a provider that is down do not. */
  readonly attempts: number;
  readonly firstFailedAt: number | null;
  /** Why it is to be tried again; `null` before the first attempt. */
  readonly failure: Failure | null;
};

export const opened = <In>(batch: readonly Message<In>[]): readonly Open<In>[] =>
  batch.map((message, index) => ({ index, message, attempts: 0, firstFailedAt: null, failure: null }));

/** One message after one attempt: either settled or open again. */
export type Verdict<In, Out> = { readonly entry: Open<In>; readonly settled: Settled<Out> | null };

type Rules<In, Out> = Pick<Stage<In, Out>, 'giveUp' | 'retry'>;

type Patience = Pick<Rules<never, never>, 'retry'>;

const isLong = ({ retryAfterMs }: Failure, { retry }: Patience): boolean => (retryAfterMs ?? 0) > retry.maxMs;

/** True when the stage has to wait for its provider: the trouble is not this message's, so no attempt is burnt. */
export const isDown = (failure: Failure, rules: Patience): boolean => {
  const kind = classOf(failure.code);
  return kind === 'provider' || (kind !== 'endpoint' && isLong(failure, rules));
};

/** True when a part of the provider is away for longer than a message is held: what the rest gave goes on. */
const isPartAway = (failure: Failure, rules: Patience): boolean =>
  classOf(failure.code) === 'endpoint' && isLong(failure, rules);

/**
 * Gives up on a message for the handler: the event goes on with a failed report, and is dead-lettered.
 * When `giveUp` itself throws there is no event to send on.
 */
export function giveUp<In, Out>(
  { giveUp: report }: Pick<Rules<In, Out>, 'giveUp'>,
  message: Message<In>,
  failure: Failure,
  context: HandlerContext,
): Settled<Out>['outcome'] {
  try {
    return { kind: 'degrade', event: report(message, failure, context), failure };
  } catch (error) {
    const why = `${failure.message} (giving up failed too: ${bugOf(error).message})`;
    return { kind: 'dead-letter', failure: { ...failure, message: why } };
  }
}

/** Gives up on an open message without another attempt. */
export function surrender<In, Out>(
  rules: Rules<In, Out>,
  entry: Open<In>,
  failure: Failure,
  context: HandlerContext,
): Verdict<In, Out> {
  const outcome = giveUp(rules, entry.message, failure, context);
  return { entry, settled: { outcome, trouble: troubleOf(entry, context.now) } };
}

/** Settles those that need nobody any more. One on which that breaks stays with the others: it is judged where bugs are. */
export const setAside = <In, Out>(
  { aside, ...rules }: Rules<In, Out> & Pick<Stage<In, Out>, 'aside'>,
  open: readonly Open<In>[],
  context: HandlerContext,
): readonly Verdict<In, Out>[] =>
  open.flatMap((entry) => {
    try {
      const outcome = aside?.(entry.message, context) ?? null;
      return outcome === null ? [] : [judge(rules, entry, outcome, context, false)];
    } catch {
      return [];
    }
  });

const troubleOf = ({ attempts, firstFailedAt }: Open<unknown>, now: number): Trouble => ({
  attempts,
  firstFailedAt: firstFailedAt ?? now,
  lastFailedAt: now,
});

/**
 * Judges one answer to one open message.
 * @param burns false for a probe: it never counts against the message
 */
export function judge<In, Out>(
  rules: Rules<In, Out>,
  entry: Open<In>,
  answer: Answer<Out>,
  context: HandlerContext,
  burns: boolean,
): Verdict<In, Out> {
  const tried = { ...entry, attempts: entry.attempts + 1 };
  if (answer.kind === 'broke') return surrender(rules, tried, answer.failure, context);
  if (answer.kind !== 'retry') return { entry, settled: { outcome: answer, trouble: troubleOf(tried, context.now) } };
  const { failure } = answer;
  if (isPartAway(failure, rules)) return surrender(rules, tried, failure, context);
  const counts = burns && !isDown(failure, rules);
  if (counts && tried.attempts >= rules.retry.attempts) return surrender(rules, tried, failure, context);
  const attempts = counts ? tried.attempts : entry.attempts;
  return { entry: { ...entry, attempts, failure, firstFailedAt: entry.firstFailedAt ?? context.now }, settled: null };
}
