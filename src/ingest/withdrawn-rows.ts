import { type PlaylistFile, type Row, rejectRow } from './playlist-file.ts';

/** Those of the tracks that are withdrawn. */
export type WithdrawnAmong = (trackIds: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * Playlists of which the rows of withdrawn tracks are rejected. These rows go on naming their tracks, so a playlist keeps the run
 * that it would have with them.
 */
export async function withoutWithdrawn(
  playlists: readonly PlaylistFile[],
  among: WithdrawnAmong,
): Promise<readonly PlaylistFile[]> {
  const named = playlists.flatMap(({ rows }) => rows.flatMap((row) => (row.kind === 'track' ? [row.trackId] : [])));
  const withdrawn = await among([...new Set(named)]);
  if (withdrawn.size === 0) return playlists;
  const kept = (row: Row): Row =>
    row.kind === 'track' && withdrawn.has(row.trackId) ? rejectRow('WITHDRAWN', row.trackId) : row;
  return playlists.map((playlist) => ({ ...playlist, rows: playlist.rows.map(kept) }));
}
