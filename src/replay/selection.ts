import { z } from 'zod';
import { PHASES } from '#track/phase.ts';
import { PIPELINE_TOPICS, TOPOLOGY } from '#track/topology.ts';

/** The most ids one replay takes as a list: they stand in its operation, which is one record. */
export const MOST_IDS = 20_000;

/** Topics whose records are events of tracks; every one of them can be replayed, the replay lanes too. */
export const REPLAYABLE: readonly string[] = [...PIPELINE_TOPICS, ...PHASES.map((phase) => TOPOLOGY[phase].replay)];

const bound = z.object({ partition: z.int().min(0), from: z.int().min(0), to: z.int().min(0) });

/**
 * Which tracks a replay sends again. Everything in it is closed when the replay starts: offsets are numbers, a playlist is one
 * snapshot, ages count from the start, and tracks that were first seen later are not meant.
 */
export const selection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tracks'), ids: z.array(z.string()).min(1).max(MOST_IDS) }),
  z.object({ kind: z.literal('playlist'), playlistId: z.string(), snapshotId: z.string() }),
  z.object({ kind: z.literal('run'), runId: z.string() }),
  z.object({ kind: z.literal('where'), where: z.string() }),
  z.object({ kind: z.literal('range'), topic: z.enum(REPLAYABLE), partitions: z.array(bound) }),
]);

export type Selection = z.infer<typeof selection>;
export type RangeSelection = Extract<Selection, { kind: 'range' }>;
export type StoredSelection = Exclude<Selection, RangeSelection>;

/** A selection in a few words. */
export function selectionWords(selected: Selection): string {
  switch (selected.kind) {
    case 'tracks':
      return `${selected.ids.length} ${selected.ids.length === 1 ? 'track' : 'tracks'} by id`;
    case 'playlist':
      return `playlist ${selected.playlistId}, snapshot ${selected.snapshotId}`;
    case 'run':
      return `run ${selected.runId}`;
    case 'where':
      return `tracks where ${selected.where}`;
    case 'range': {
      const offsets = selected.partitions.reduce((sum, { from, to }) => sum + (to - from), 0);
      return `${selected.topic}, ${offsets} offsets of ${selected.partitions.length} partitions`;
    }
  }
}
