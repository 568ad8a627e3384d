import { createHash } from 'node:crypto';
import type { Playlist, RawTrack } from '#track/raw.ts';
import type { IngestedRun } from './answer.ts';
import type { PlaylistFile, Row } from './playlist-file.ts';

/** One playlist snapshot, ready to be published: one event per distinct track. */
export type Run = {
  readonly runId: string;
  /** Made as they are asked for, each time again: they need not all be there at once. */
  readonly tracks: Iterable<RawTrack>;
  readonly summary: Omit<IngestedRun, 'state'>;
};

type TrackRow = Extract<Row, { kind: 'track' }>;
type Standing = { readonly row: TrackRow; readonly positions: number[] };

/**
 * Makes a run of a playlist file. The same playlist id and snapshot (or, without a snapshot, the same rows) give the same run id.
 * @param file the playlist as read
 * @param fallbackName what the playlist is called when its file does not say, for example the file's name
 * @param now the clock, milliseconds since the epoch, for files that do not say when they were read
 */
export function runOf(file: PlaylistFile, fallbackName: string | null, now: number): Run {
  const standing = standingsOf(file);
  const name = file.name ?? fallbackName;
  const rowsHash = hash(file.rows.map((row) => (row.kind === 'track' ? row.trackId : row.value)));
  const snapshotId = file.snapshotId ?? `rows-${rowsHash}`;
  const id = file.id ?? (name === null ? `rows-${rowsHash}` : `name:${name}`);
  const runId = `run-${hash([id, snapshotId, String(file.offset)])}`;
  const playlist: Omit<Playlist, 'positions'> = {
    id,
    name,
    snapshotId,
    url: file.url,
    curator: file.curator,
    isEditorial: file.isEditorial,
  };
  function* rawTracks(): Generator<RawTrack> {
    for (const [trackId, { row, positions }] of standing)
      yield {
        track: trackId,
        ...row.known,
        playlist: { ...playlist, positions },
        fetchMethod: file.fetchMethod,
        observedAt: file.observedAt ?? now,
        runId,
        runTotal: standing.size,
        prior: null,
      };
  }
  const tracks = { [Symbol.iterator]: rawTracks };
  return { runId, tracks, summary: { runId, playlist: { id, name, snapshotId }, ...countsOf(file, standing.size) } };
}

/** Distinct tracks with all their positions. The first row that names a track speaks for it. */
function standingsOf(file: PlaylistFile): ReadonlyMap<string, Standing> {
  const standings = new Map<string, Standing>();
  file.rows.forEach((row, index) => {
    if (row.kind !== 'track') return;
    const position = file.offset + index;
    const before = standings.get(row.trackId);
    if (before === undefined) standings.set(row.trackId, { row, positions: [position] });
    else before.positions.push(position);
  });
  return standings;
}

function countsOf(file: PlaylistFile, accepted: number) {
  const leftOut = (kind: 'skip' | 'reject') =>
    file.rows.flatMap((row, index) =>
      row.kind === kind ? [{ row: file.offset + index + 1, value: row.value, reason: row.reason }] : [],
    );
  return {
    accepted,
    rows: file.rows.length,
    repeats: file.rows.filter(({ kind }) => kind === 'track').length - accepted,
    skipped: leftOut('skip') as IngestedRun['skipped'],
    rejected: leftOut('reject') as IngestedRun['rejected'],
    partial: file.totalRows !== null && file.totalRows > file.offset + file.rows.length,
  };
}

/** Sixteen bytes of SHA-256 over the texts with their lengths, so that no two lists run together. */
function hash(texts: readonly string[]): string {
  const sum = createHash('sha256');
  for (const text of texts) sum.update(`${text.length}:${text};`);
  return sum.digest('hex').slice(0, 32);
}
