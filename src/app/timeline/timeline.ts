import { gate } from '#adapters/postgres/gate.ts';
import type { LetterItem } from '#feed/letter-ports.ts';
import type { TrackDetail } from '#feed/ports.ts';
import type { AskedKey, ReadTimeline, TimelineCall } from '#feed/timeline-ports.ts';
import type { OperationRow } from '#projector/operation-row.ts';
import type { Decode } from '#stream/ports.ts';
import type { Position } from '#stream/record.ts';
import { TOPOLOGY } from '#track/topology.ts';
import { askedKeys } from './asked-keys.ts';
import { diagnose, standingOf } from './diagnose.ts';
import { entriesOf } from './entries.ts';
import { type ReadableLog, readTrackLog } from './track-log.ts';
import type { Queue } from './waiting.ts';

/** What a timeline is read from. */
export type TimelineSources = ReadableLog & {
  readonly track: (trackId: string) => Promise<TrackDetail | null>;
  readonly decode: Decode;
  /** Where a group goes on; `null` when it has committed nothing there. */
  readonly committed: (group: string, at: Position) => Promise<number | null>;
  readonly pause: (stage: string) => Promise<Queue['pause']>;
  /** The ledger's answers under these keys, the oldest first. */
  readonly calls: (keys: readonly AskedKey[]) => Promise<readonly TimelineCall[]>;
  /** What was done to any of these, in order. */
  readonly done: (targets: readonly string[]) => Promise<readonly OperationRow[]>;
  /** Most records that one question looks at. */
  readonly most: number;
};

/** Reads timelines, one at a time: each may go through a good part of the log. */
export function timelineReader(sources: TimelineSources): ReadTimeline {
  const oneAtATime = gate(1);
  return (trackId) => oneAtATime(() => readTimeline(trackId, sources));
}

async function readTimeline(trackId: string, sources: TimelineSources): ReturnType<ReadTimeline> {
  const began = performance.now();
  const track = await sources.track(trackId);
  const letters = track?.letters ?? [];
  const firstSeenAt = track === null ? null : Date.parse(track.firstSeenAt);
  const log = await readTrackLog(trackId, firstSeenAt, letters.map(positionOf), sources);
  if (track === null && log.records.length === 0) return null;
  const entries = await entriesOf(log.records, trackId, letters, sources.decode);
  const standing = standingOf(entries);
  const queue = standing.kind === 'waiting' ? await queueOf(standing, sources) : null;
  return {
    trackId,
    name: track?.name ?? null,
    artists: track?.artists ?? [],
    diagnosis: diagnose({ entries, track, queue }),
    entries,
    ...(await besides(trackId, track, sources)),
    runs: track?.runs ?? [],
    read: { ...log.read, milliseconds: Math.round(performance.now() - began) },
  };
}

/** What stands elsewhere than on the track's topics. */
async function besides(trackId: string, track: TrackDetail | null, { calls, done }: TimelineSources) {
  const targets = [trackId, ...(track?.letters ?? []).map(({ letterId }) => letterId)];
  const runs = (track?.runs ?? []).map(({ runId }) => runId);
  const [asked, operations] = await Promise.all([
    track === null ? [] : calls(askedKeys(track)),
    done([...targets, ...runs]),
  ]);
  return { calls: asked, operations };
}

const positionOf = ({ topic, partition, offset }: LetterItem): Position => ({ topic, partition, offset });

/** A letter whose event went on says how far the track is, but not where its event stands. */
async function queueOf(
  { phase, entry }: Extract<ReturnType<typeof standingOf>, { kind: 'waiting' }>,
  { committed, pause }: TimelineSources,
): Promise<Queue | null> {
  const { topic, partition, offset } = entry;
  if (entry.kind !== 'event') return null;
  const group = TOPOLOGY[phase].group;
  const at = { topic, partition, offset };
  return { ...at, committed: await committed(group, at), pause: await pause(phase) };
}
