import { type Answer, attempt } from './attempt.ts';
import type { Detour } from './bypass.ts';
import { priorLetterOf } from './dead-letter.ts';
import { classOf, type Failure } from './failure.ts';
import { isDown, judge, type Open, type Settled, surrender, type Verdict } from './open.ts';
import type { Turn } from './pause.ts';
import type { HandlerContext } from './stage.ts';
import type { Place, Work } from './work.ts';

/** A report must win over the failure of the letter that it mends, so the batch's time never lies before one. */
export function contextFor<In, Out>(
  { stage }: Work<In, Out>,
  tried: readonly Open<In>[],
  moment: number,
  { lane, signal }: Place,
): HandlerContext {
  const letters = tried.map(({ message }) => (priorLetterOf(message.headers, stage.group)?.lastFailedAt ?? 0) + 1);
  const now = Math.max(moment, ...letters);
  return { signal, now, lane, attempt: Math.max(...tried.map(({ attempts }) => attempts)) + 1, closed: null };
}

/** The handler's answers, its bugs told apart; a batch that was cut is told. */
function answersOf<In, Out>(
  { stage, ports }: Work<In, Out>,
  tried: readonly Open<In>[],
  context: HandlerContext,
): Promise<readonly Answer<Out>[]> {
  const { lane } = context;
  const halved = (why: Failure): void => {
    ports.observe('linernotes_stage_halvings_total', { stage: stage.name, lane }, 1);
    ports.log('warn', 'batch.halved', { stage: stage.name, lane, message: why.message });
  };
  const messages = tried.map(({ message }) => message);
  return attempt(stage.handle, messages, context, halved);
}

/** What is known goes on as ever; what would need a call is given up at once, and nothing waits or is tried again. */
export async function withoutCalls<In, Out>(
  work: Work<In, Out>,
  open: readonly Open<In>[],
  closed: Failure,
  moment: number,
  place: Place,
): Promise<readonly Verdict<In, Out>[]> {
  if (open.length === 0) return [];
  const context = { ...contextFor(work, open, moment, place), closed };
  const answers = await answersOf(work, open, context);
  return pairs(open, answers).map(([entry, answer]) =>
    answer.kind === 'retry'
      ? surrender(work.stage, entry, answer.failure, context)
      : judge(work.stage, entry, answer, context, false),
  );
}

const pairs = <In, Out>(open: readonly Open<In>[], answers: readonly Answer<Out>[]) =>
  open.flatMap((entry, at): [Open<In>, Answer<Out>][] => {
    const answer = answers[at];
    return answer === undefined ? [] : [[entry, answer]];
  });

/** How events that went on were served: with a failure of their own, or well. Of the provider's trouble the pause takes care, of a part's the governor, of bugs and of records held back the halt. */
const endings = (verdicts: readonly Verdict<unknown, unknown>[]): readonly (Failure | null)[] =>
  verdicts.flatMap(({ settled: done }): (Failure | null)[] => {
    if (done === null || done.outcome.kind === 'dead-letter') return [];
    // A record for which nobody was asked says nothing of the provider.
    if (done.outcome.kind === 'forward') return done.outcome.asked === false ? [] : [null];
    const { failure } = done.outcome;
    return ['provider', 'endpoint', 'bug'].includes(classOf(failure.code)) ? [] : [failure];
  });

/** Tries the messages, unless the stage bypasses: then one of them at most, and the others go on at once. */
export async function tryOrPass<In, Out>(
  work: Work<In, Out>,
  open: readonly Open<In>[],
  turn: Turn,
  moment: number,
  place: Place,
): Promise<readonly Verdict<In, Out>[]> {
  await work.bypass.learn(moment);
  const detour = turn.kind === 'go' ? work.bypass.detour(moment) : null;
  if (detour !== null) return pass(work, open, detour, moment, place);
  const verdicts = await tryOnce(work, open, turn, moment, place);
  await work.bypass.tried(endings(verdicts), moment);
  return verdicts;
}

async function pass<In, Out>(
  work: Work<In, Out>,
  open: readonly Open<In>[],
  { cause, probe }: Detour,
  moment: number,
  place: Place,
): Promise<readonly Verdict<In, Out>[]> {
  const passed = await withoutCalls(work, open, cause, moment, place);
  if (!probe) return passed;
  // Only a record that would need a call can tell whether calls help again; one whose facts are known tells nothing.
  const chosen = passed.find(({ settled: done }) => failureOf(done) !== null);
  if (chosen === undefined) {
    work.bypass.released();
    return passed;
  }
  const [probed] = await tried(work, chosen.entry, moment, place);
  return passed.flatMap((verdict) => (verdict === chosen ? (probed ?? []) : verdict));
}

const failureOf = (done: Settled<unknown> | null): Failure | null =>
  done === null || done.outcome.kind === 'forward' ? null : done.outcome.failure;

/** Tries one record really, and tells the bypass how it ended. */
async function tried<In, Out>(
  work: Work<In, Out>,
  entry: Open<In>,
  moment: number,
  place: Place,
): Promise<readonly Verdict<In, Out>[]> {
  try {
    const verdicts = await tryOnce(work, [entry], { kind: 'go' }, moment, place);
    const [why = null] = verdicts.map(({ entry: after, settled: done }) =>
      done === null ? after.failure : failureOf(done),
    );
    await work.bypass.probed(why, moment);
    return verdicts;
  } catch (error) {
    work.bypass.released();
    throw error;
  }
}

async function tryOnce<In, Out>(
  work: Work<In, Out>,
  open: readonly Open<In>[],
  turn: Turn,
  moment: number,
  place: Place,
): Promise<readonly Verdict<In, Out>[]> {
  const { stage, pause, ports } = work;
  const tried = turn.kind === 'probe' ? open.slice(0, 1) : open;
  const later = open.slice(tried.length).map((entry) => ({ entry, settled: null }));
  try {
    const context = contextFor(work, tried, moment, place);
    const answers = await answersOf(work, tried, context);
    // Read again after a failure: its moment is that of the letter. And a clock that is gone ends the stage here, so that
    // what a lost database did to the handler never passes for the record's fault.
    const after = answers.every(({ kind }) => kind === 'forward') ? context.now : await ports.clock();
    await tellPause(work, turn, answers);
    const judged = { ...context, now: Math.max(context.now, after) };
    const verdicts = pairs(tried, answers).map(([entry, answer]) =>
      judge(stage, entry, answer, judged, turn.kind === 'go'),
    );
    return [...verdicts, ...later];
  } catch (error) {
    if (turn.kind === 'probe') pause.released();
    throw error;
  }
}

/** A batch that meets a provider that is down begins the pause; a probe ends it or goes on with it. */
async function tellPause<In, Out>(
  { pause, stage }: Work<In, Out>,
  turn: Turn,
  answers: readonly Answer<Out>[],
): Promise<void> {
  const failures = answers.flatMap((answer) => (answer.kind === 'retry' ? [answer.failure] : []));
  const refusal = turn.kind === 'probe' ? failures[0] : failures.find((failure) => isDown(failure, stage));
  if (refusal !== undefined) return pause.refused(refusal, turn);
  if (turn.kind !== 'probe') return;
  if (answers[0]?.kind === 'broke') return pause.released();
  await pause.answered();
}
