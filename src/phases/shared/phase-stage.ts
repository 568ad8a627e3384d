import type { z } from 'zod';
import type { Asked, Asking } from '#providers/answer.ts';
import { type Freshness, freshnessOf } from '#providers/freshness.ts';
import type { Failure } from '#stream/failure.ts';
import type { Message } from '#stream/message.ts';
import { deadLetter, degrade, forward, forwardUnasked, type Outcome, retry } from '#stream/outcome.ts';
import type { Result } from '#stream/result.ts';
import type { Dear, HandlerContext, Stage } from '#stream/stage.ts';
import type { TrackEvent } from '#track/event.ts';
import type { PhaseName } from '#track/phase.ts';
import type { PhaseReport } from '#track/report.ts';
import type { Sections } from '#track/sections/sections.ts';
import { TOPOLOGY } from '#track/topology.ts';
import { type Enriched, mayPass, reported, troubleOf } from './ending.ts';
import { knownRuns, type Runs } from './runs.ts';
import { type BatchStops, type Stop, stopOf, stopsOfBatch, unlessStopped } from './stops.ts';
import { knownWithdrawn, type Withdrawn } from './withdrawn.ts';

/** How a stage runs; every phase has these defaults, and its operator may change them. */
export type Pace = Pick<Stage<unknown, unknown>, 'batch' | 'retry' | 'patienceMs' | 'limits'> & {
  /** How long facts count; the defaults when absent. */
  readonly freshness?: Freshness;
  /** Which runs go on; all when absent. */
  readonly runs?: Runs;
  /** Which tracks are withdrawn; none when absent. */
  readonly withdrawn?: Withdrawn;
  /** Told what was asked for each track, and how its phase ended. */
  readonly tell?: (what: Telling) => void;
};

/** One track in one phase. */
type Teller = { readonly phase: PhaseName; readonly track: string; readonly run: string };

export type Telling = Teller &
  (
    | ({ readonly what: 'asked' } & Asked)
    | {
        readonly what: 'ended';
        /** How the phase had ended before; `null` when it had not run. */
        readonly before: PhaseReport['status'] | null;
        readonly status: PhaseReport['status'];
        readonly code: string | null;
        readonly attempts: number;
      }
  );

export const PACE: Pace = {
  batch: { max: 100, lingerMs: 50 },
  retry: { attempts: 5, baseMs: 250, maxMs: 10_000 },
  patienceMs: 60_000,
  limits: { bypass: { most: 50, of: 200, probeMs: 30_000 }, halt: { most: 100, of: 1_000 } },
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

const ALL_GO_ON: Runs = knownRuns();
const NONE_WITHDRAWN: Withdrawn = knownWithdrawn();

/** Plain producers write no headers; the run stands in the event, too. */
const runIdOf = ({ envelope }: Message<unknown>, { raw }: TrackEvent): string => envelope.runId || raw.runId;

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

type Handled<In> = { readonly message: Message<In>; readonly context: HandlerContext };

/**
 * A phase as a stage of the engine. Trouble that may pass is tried again; what was learned before it is kept for the case that
 * the engine gives up. Any other trouble degrades at once: the event goes on with what it has, its report says `failed`.
 */
export function phaseStage<In>(phase: Phase<In>): Stage<In, TrackEvent> {
  const { group, from, to, toReplay } = TOPOLOGY[phase.name];
  const learned = new WeakMap<Message<In>, Sections>();
  const { runs = ALL_GO_ON, withdrawn = NONE_WITHDRAWN, tell, freshness: _, ...declared } = phase.pace;
  const stops = { runs, withdrawn };

  const end = (event: TrackEvent, how: Parameters<typeof reported>[2], { message, context }: Handled<In>) => {
    const before = event.reports[phase.name]?.status ?? null;
    tell?.({ what: 'ended', phase: phase.name, track: event.trackId, run: runIdOf(message, event), before, ...how });
    return phase.finish(reported(event, phase.name, how, context.now));
  };

  const fail = (event: TrackEvent, { code }: Failure, handled: Handled<In>): TrackEvent =>
    end(event, { status: 'failed', code, attempts: handled.context.attempt }, handled);

  const troubled = (event: TrackEvent, failure: Failure, handled: Handled<In>) => {
    if (!mayPass(failure)) return degrade(fail(event, failure, handled), failure);
    learned.set(handled.message, event.sections);
    return retry(failure);
  };

  const stopped = (event: TrackEvent, { ending, kept }: Stop, handled: Handled<In>): Outcome<TrackEvent> =>
    forwardUnasked(end(kept(event), { ...ending, attempts: 0 }, handled));

  const askingOf = (
    event: TrackEvent,
    { message, context: { lane, now, closed } }: Handled<In>,
    signal: AbortSignal,
  ) => {
    const run = runIdOf(message, event);
    const asking = { signal, lane, closed, run, ...momentOf(message, now, phase) };
    if (tell === undefined) return asking;
    const who = { what: 'asked', phase: phase.name, track: event.trackId, run } as const;
    return { ...asking, told: (asked: Asked) => tell({ ...who, ...asked }) };
  };

  const handleOne = async (handled: Handled<In>, stopsHere: BatchStops): Promise<Outcome<TrackEvent>> => {
    const { message, context } = handled;
    const begun = phase.begin(message.event);
    if (!begun.ok) return deadLetter(begun.failure);
    const track = stopsHere.of(runIdOf(message, begun.value), begun.value.trackId);
    const enriched = await unlessStopped(track, (signal) =>
      phase.enrich(begun.value, askingOf(begun.value, handled, signal)),
    );
    if ('kept' in enriched) return stopped(begun.value, enriched, handled);
    const event = { ...begun.value, sections: enriched.sections };
    if ('failure' in enriched) return troubled(event, troubleOf(enriched), handled);
    const { status, code } = enriched.ending;
    if (UNASKED.has(status)) return forwardUnasked(end(event, { status, code, attempts: 0 }, handled));
    return forward(end(event, { status, code, attempts: context.attempt }, handled));
  };

  return {
    name: phase.name,
    group,
    from,
    to,
    toReplay,
    input: phase.input,
    ...declared,
    ...(phase.dear === undefined ? {} : { dear: dearness(phase, phase.dear) }),
    handle: async (batch, context) => {
      const stopsHere = stopsOfBatch(stops, context.signal);
      try {
        return await Promise.all(batch.map((message) => handleOne({ message, context }, stopsHere)));
      } finally {
        stopsHere.leave();
      }
    },
    aside: (message, context) => {
      const begun = phase.begin(message.event);
      if (!begun.ok) return null;
      const stop = stopOf(stops, runIdOf(message, begun.value), begun.value.trackId);
      return stop === null ? null : stopped(begun.value, stop, { message, context });
    },
    giveUp: (message, failure, context) => {
      const begun = phase.begin(message.event);
      if (!begun.ok) throw new Error(begun.failure.message);
      const sections = learned.get(message) ?? begun.value.sections;
      return fail({ ...begun.value, sections }, failure, { message, context });
    },
    keyOf: ({ trackId }) => trackId,
  };
}
