import { cloudEventHeaders } from '#stream/envelope.ts';
import { type Failure, failure } from '#stream/failure.ts';
import type { Encode, TransactionalWriter } from '#stream/ports.ts';
import type { OutgoingRecord } from '#stream/record.ts';
import { type LatestTrack, MOST_SIGHTINGS } from '#track/latest.ts';
import type { Appearance } from '#track/state.ts';
import { LATEST_TOPIC } from '#track/topology.ts';

/** A change of a track's row that `tracks.latest` does not show yet. Each change gives the mark a version of its own. */
export type Mark = { readonly trackId: string; readonly version: number };

/** A track's row as the outbox reads it. */
export type LatestRow = Omit<LatestTrack, 'sightings' | 'sightingCount'> & {
  readonly appearances: readonly Appearance[];
};

/** A mark with the row as it stands at that version; `null`: there is none any more. */
export type Marked = Mark & { readonly row: LatestRow | null };

/** Marks that the projector leaves in its own transaction. A lost database throws everywhere. */
export type Outbox = {
  /** At most `max` marks whose track comes after this one, in the order of the ids; what was refused is left out. */
  next(after: string, max: number): Promise<readonly Marked[]>;
  /** Takes away the marks that still bear the version that was published; one that was marked anew stays. */
  settle(published: readonly Mark[]): Promise<void>;
  /** Leaves a mark alone until the track changes again: its row can be no value of the topic. */
  refuse(mark: Mark, reason: Failure): Promise<void>;
};

export type LatestPorts = {
  readonly outbox: Outbox;
  readonly encode: Encode;
  /** Bytes that a record of the topic may have. */
  readonly maxBytes: number;
  readonly refused: (trackId: string, reason: Failure) => void;
};

/** How a round ended; `next` is where the following one begins. */
export type Round = { readonly published: number; readonly next: string } | 'lost';

/** Rows of a round. Bounds memory: a row has some ten kilobytes, and hundreds where a track stands in hundreds of playlists. */
const ROWS = 200;

/** The order of bytes puts every id after this. */
export const FROM_THE_START = '';

/**
 * Publishes the rows of the next marks, in one transaction, and settles them. A crash before the settling leaves the marks: then the
 * same rows, or newer ones, are published again, which a compacted topic does not mind.
 * @param writer was opened before the marks are read, so whoever published earlier can put no older row behind these
 * @returns `lost` when the writer is spent: open another, and begin anew
 * @throws when database or registry are lost
 */
export async function publishLatest(ports: LatestPorts, writer: TransactionalWriter, after: string): Promise<Round> {
  const marked = await ports.outbox.next(after, ROWS);
  const last = marked.at(-1);
  if (last === undefined) return { published: 0, next: FROM_THE_START };
  const published: Mark[] = [];
  const records: OutgoingRecord[] = [];
  for (const mark of marked) {
    const record = await recordOf(mark, ports);
    if (record === null) continue;
    records.push(record);
    published.push(mark);
  }
  if (records.length > 0 && (await writer.commit(records, null)) === 'lost') return 'lost';
  await ports.outbox.settle(published);
  return { published: published.length, next: marked.length < ROWS ? FROM_THE_START : last.trackId };
}

/** The record of a mark; `null` when there can be none, which is noted. */
async function recordOf(mark: Marked, { encode, maxBytes, outbox, refused }: LatestPorts) {
  const value =
    mark.row === null ? { ok: true as const, value: null } : await encode(LATEST_TOPIC, latestValue(mark.row));
  const size = value.ok ? (value.value?.length ?? 0) : 0;
  const reason = value.ok ? oversize(size, maxBytes) : value.failure;
  if (value.ok && reason === null) return outgoing(mark, value.value);
  const why = reason ?? failure('BUG', 'no value');
  await outbox.refuse(mark, why);
  refused(mark.trackId, why);
  return null;
}

/** Key and headers take room beside the value. */
const BESIDE = 1_024;

const oversize = (size: number, maxBytes: number): Failure | null =>
  size + BESIDE > maxBytes ? failure('OVERSIZE', `The row takes ${size} bytes; the topic takes ${maxBytes}.`) : null;

/** What the topic says of a row. */
export function latestValue({ appearances, ...row }: LatestRow): LatestTrack {
  const newest = appearances.toSorted((a, b) => b.observedAt - a.observedAt).slice(0, MOST_SIGHTINGS);
  return { ...row, sightings: newest, sightingCount: appearances.length };
}

const outgoing = ({ trackId, version, row }: Marked, value: Buffer | null): OutgoingRecord => ({
  topic: LATEST_TOPIC,
  partition: null,
  key: Buffer.from(trackId),
  value,
  headers: cloudEventHeaders({
    id: `${LATEST_TOPIC}:${trackId}:${version}`,
    type: `${LATEST_TOPIC}.${row === null ? 'withdrawn' : 'track'}`,
    source: '/projector',
    subject: trackId,
    time: row?.updatedAt ?? 0,
  }),
});
