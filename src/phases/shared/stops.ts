import type { TrackEvent } from '#track/event.ts';
import { withoutFacts } from '#track/without-facts.ts';
import { CANCELLED, type Ending, WITHDRAWN } from './ending.ts';
import type { RunScope, Runs } from './runs.ts';
import type { Withdrawn } from './withdrawn.ts';

/** What makes a phase ask nobody for a track. */
export type Stops = { readonly runs: Runs; readonly withdrawn: Withdrawn };

/** Which of them does: how the phase ends, and what of the event goes on. */
export type Stop = { readonly ending: Ending; readonly kept: (event: TrackEvent) => TrackEvent };

const BY_ITS_RUN: Stop = { ending: CANCELLED, kept: (event) => event };
const BY_WITHDRAWAL: Stop = { ending: WITHDRAWN, kept: withoutFacts };

/** What stops a track of a run now; `null` when nothing does. */
export function stopOf({ runs, withdrawn }: Stops, runId: string, trackId: string): Stop | null {
  if (withdrawn.has(trackId)) return BY_WITHDRAWAL;
  const { signal, leave } = runs.enter(runId);
  leave();
  return signal.aborted ? BY_ITS_RUN : null;
}

/** One track of a batch. */
type Stoppable = {
  /** Aborts with the batch, and when something stops the track. */
  readonly signal: AbortSignal;
  /** What stops it by now: before anybody is asked, or after all have answered, when only a withdrawal still counts. */
  readonly stop: (when: 'before' | 'after') => Stop | null;
  /** What an error says that came of being stopped; `null`: it says something else. */
  readonly why: (error: unknown) => Stop | null;
};

export type BatchStops = { of(runId: string, trackId: string): Stoppable; leave(): void };

type InRun = RunScope & { readonly members: AbortController[] };

/**
 * What stops the tracks of one batch while it is worked. Every track has a signal of its own: `AbortSignal.any` for each would cost
 * more than all the rest of a phase that finds its facts known.
 */
export function stopsOfBatch({ runs, withdrawn }: Stops, batch: AbortSignal): BatchStops {
  const entered = new Map<string, InRun>();
  const byTrack = new Map<string, AbortController[]>();
  const reason = new Error('The track was withdrawn.');

  const abortAll = (members: readonly AbortController[], why: unknown): void => {
    for (const member of members) member.abort(why);
  };
  const batchGone = (): void => abortAll([...byTrack.values()].flat(), batch.reason);
  batch.addEventListener('abort', batchGone, { once: true });
  const deaf = withdrawn.heed((trackId) => abortAll(byTrack.get(trackId) ?? [], reason));

  const enter = (runId: string): InRun => {
    const { signal, leave } = runs.enter(runId);
    const members: AbortController[] = [];
    const gone = (): void => abortAll(members, signal.reason);
    signal.addEventListener('abort', gone, { once: true });
    const scope: InRun = {
      signal,
      members,
      leave: () => {
        signal.removeEventListener('abort', gone);
        leave();
      },
    };
    entered.set(runId, scope);
    return scope;
  };

  return {
    of(runId, trackId) {
      const run = entered.get(runId) ?? enter(runId);
      const own = new AbortController();
      run.members.push(own);
      byTrack.set(trackId, [...(byTrack.get(trackId) ?? []), own]);
      if (batch.aborted) own.abort(batch.reason);
      return {
        signal: own.signal,
        stop(when) {
          if (withdrawn.has(trackId)) return BY_WITHDRAWAL;
          return when === 'before' && run.signal.aborted ? BY_ITS_RUN : null;
        },
        why(error) {
          if (error === reason) return BY_WITHDRAWAL;
          return run.signal.aborted && error === run.signal.reason ? BY_ITS_RUN : null;
        },
      };
    },
    leave() {
      batch.removeEventListener('abort', batchGone);
      deaf();
      for (const { leave } of entered.values()) leave();
    },
  };
}

/** What work for a track gives, or what stopped the track before or meanwhile. */
export async function unlessStopped<Value>(
  { signal, stop, why }: Stoppable,
  work: (signal: AbortSignal) => Value | Promise<Value>,
): Promise<Value | Stop> {
  const before = stop('before');
  if (before !== null) return before;
  try {
    const value = await work(signal);
    return stop('after') ?? value;
  } catch (error) {
    const reason = why(error);
    if (reason !== null) return reason;
    throw error;
  }
}
