import type { z } from 'zod';
import type { Asking } from '#providers/answer.ts';
import { type Freshness, freshnessOf } from '#providers/freshness.ts';
import type { Failure } from '#stream/failure.ts';
import type { Message } from '#stream/message.ts';
import { deadLetter, degrade, forward, type Outcome, retry } from '#stream/outcome.ts';
import type { Result } from '#stream/result.ts';
import type { Dear, HandlerContext, Stage } from '#stream/stage.ts';
import type { TrackEvent } from '#track/event.ts';
import type { PhaseName } from '#track/phase.ts';
import type { Sections } from '#track/sections/sections.ts';
import { TOPOLOGY } from '#track/topology.ts';
import { type Enriched, mayPass, reported } from './ending.ts';

/** How a stage runs; every phase has these defaults, and its operator may change them. */
export type Pace = Pick<Stage<unknown, unknown>, 'batch' | 'retry' | 'patienceMs'> & {
  /** How long facts count; the defaults when absent. */
  readonly freshness?: Freshness;
};

export const PACE: Pace = {
  batch: { max: 100, lingerMs: 50 },
  retry: { attempts: 5, baseMs: 250, maxMs: 10_000 },
  patienceMs: 60_000,
};

/** The batch's clock, and the moment before which nothing counts (a forced run), or `null`. */
type Moment = Pick<Asking, 'now' | 'notBefore' | 'freshness'>;

/** What makes one phase different from another. */
export type Phase<In> = {
  readonly name: PhaseName;
  readonly input: z.ZodType<In>;
  readonly pace: Pace;
  /** The event on which the phase works; a failure dead-letters the message, for then there is no event. */
  readonly begin: (input: In) => Result<TrackEvent>;
  /** Adds what the phase learns. Values for trouble of providers; throws only on a bug or an abort. */
  readonly enrich: (event: TrackEvent, asking: Asking) => Enriched | Promise<Enriched>;
  /** Where asking takes seconds: how many events that have to ask may lie in one commit, and which have to. */
  readonly dear?: { readonly most: number; readonly is: (event: TrackEvent, moment: Moment) => boolean };
  /** The last touch to every event that goes on. */
  readonly finish: (event: TrackEvent) => TrackEvent;
};

/** Endings for which nobody was asked. */
const UNASKED: ReadonlySet<string> = new Set(['known', 'off', 'not_yet']);

const forcedSince = ({ envelope: { force } }: Message<unknown>, phase: PhaseName): number | null =>
  force?.phases.includes(phase) ? force.since : null;

const momentOf = (
  message: Message<unknown>,
  now: number,
  { name, pace }: { readonly name: PhaseName; readonly pace: Pace },
): Required<Moment> => ({ now, notBefore: forcedSince(message, name), freshness: freshnessOf(pace) });

const dearness = <In>(
  { name, begin, pace }: Pick<Phase<In>, 'name' | 'begin' | 'pace'>,
  { most, is }: NonNullable<Phase<In>['dear']>,
): Dear<In> => ({
  most,
  is: (message, now) => {
    const begun = begin(message.event);
    return begun.ok && is(begun.value, momentOf(message, now, { name, pace }));
  },
});

/** The begin of every phase but the first, and the finish of every phase but the last. */
export const asItIs = (event: TrackEvent): TrackEvent => event;

/**
 * A phase as a stage of the engine. Trouble that may pass is tried again; what was learned before it is kept for the case that
 * the engine gives up. Any other trouble degrades at once: the event goes on with what it has, its report says `failed`.
 */
export function phaseStage<In>(phase: Phase<In>): Stage<In, TrackEvent> {
  const { group, from, to, toReplay } = TOPOLOGY[phase.name];
  const learned = new WeakMap<Message<In>, Sections>();

  const end = (event: TrackEvent, how: Parameters<typeof reported>[2], context: HandlerContext): TrackEvent =>
    phase.finish(reported(event, phase.name, how, context.now));

  const fail = (event: TrackEvent, { code }: Failure, context: HandlerContext): TrackEvent =>
    end(event, { status: 'failed', code, attempts: context.attempt }, context);

  const troubled = (message: Message<In>, event: TrackEvent, failure: Failure, context: HandlerContext) => {
    if (!mayPass(failure)) return degrade(fail(event, failure, context), failure);
    learned.set(message, event.sections);
    return retry(failure);
  };

  const handleOne = async (message: Message<In>, context: HandlerContext): Promise<Outcome<TrackEvent>> => {
    const begun = phase.begin(message.event);
    if (!begun.ok) return deadLetter(begun.failure);
    const { signal, lane, now } = context;
    const asking = { signal, lane, ...momentOf(message, now, phase) };
    const enriched = await phase.enrich(begun.value, asking);
    const event = { ...begun.value, sections: enriched.sections };
    if ('failure' in enriched) return troubled(message, event, enriched.failure, context);
    const { status, code } = enriched.ending;
    return forward(end(event, { status, code, attempts: UNASKED.has(status) ? 0 : context.attempt }, context));
  };

  return {
    name: phase.name,
    group,
    from,
    to,
    toReplay,
    input: phase.input,
    ...phase.pace,
    ...(phase.dear === undefined ? {} : { dear: dearness(phase, phase.dear) }),
    handle: (batch, context) => Promise.all(batch.map((message) => handleOne(message, context))),
    giveUp: (message, failure, context) => {
      const begun = phase.begin(message.event);
      if (!begun.ok) throw new Error(begun.failure.message);
      const sections = learned.get(message) ?? begun.value.sections;
      return fail({ ...begun.value, sections }, failure, context);
    },
    keyOf: ({ trackId }) => trackId,
  };
}
