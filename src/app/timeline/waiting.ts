import type { TimelineEntry } from '#feed/timeline-ports.ts';
import type { PhaseName } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';

/** How the phase that a track waits for stands at the track's record. */
export type Queue = {
  /** What it reads there: its live input or its replay lane. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Where the group goes on; `null` when it has never committed anything there. */
  readonly committed: number | null;
  readonly pause: { readonly since: string; readonly reason: string } | null;
};

/** Why a track has not passed the phase yet; begins with `at` and the phase. */
export function whyWaiting(
  { phase, entry }: { readonly phase: PhaseName; readonly entry: TimelineEntry },
  queue: Queue | null,
): string {
  const { group, replay } = TOPOLOGY[phase];
  if (queue === null) return `at ${phase}: it stands at ${entry.topic}/${entry.partition}@${entry.offset}.`;
  const { topic, partition, offset, committed, pause } = queue;
  if (pause !== null) return `at ${phase}: the stage is paused since ${pause.since} because ${pause.reason}`;
  const where = `${topic}/${partition}@${offset}`;
  if (committed === null)
    return `at ${phase}: ${group} has never read ${where}; is \`linernotes run ${phase}\` running?`;
  if (committed > offset) return `at ${phase}: ${group} has just gone past ${where}; ask again.`;
  const lane = topic === replay ? ', behind all live ones' : '';
  const before =
    committed === offset ? 'it is the next record' : `at most ${offset - committed} records stand before it`;
  return `at ${phase}: ${before} at ${where}${lane}. If that does not change, is \`linernotes run ${phase}\` running?`;
}
