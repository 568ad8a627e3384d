import { isDeepStrictEqual } from 'node:util';
import { canonical } from '#track/canonical.ts';
import type { Appearance } from '#track/state.ts';
import type { Changes } from './changes.ts';
import { erased } from './erased.ts';
import {
  inPlaylist,
  mergePlaylists,
  mergePlaylistTracks,
  type PlaylistRow,
  type PlaylistState,
  type PlaylistTrackRow,
  playlistRow,
  playlistState,
  playlistTrackRow,
} from './playlist-row.ts';
import type { ProjectionTransaction } from './ports.ts';
import { mergeStored, type StoredTrack } from './stored-track.ts';
import { type TrackRow, trackRow } from './track-row.ts';

type Sighted = { readonly trackId: string; readonly appearance: Appearance };

/** What a batch did to tracks: rows that changed, sightings that are new, and who is withdrawn. */
export type AppliedTracks = {
  readonly changed: readonly TrackRow[];
  readonly sighted: readonly Sighted[];
  /** Tracks of the batch that are withdrawn. */
  readonly withdrawn: ReadonlySet<string>;
  /** Those of them of which something was erased, or may have been. */
  readonly erased: readonly string[];
};

/**
 * Folds the batch's shares into the rows of its tracks. A withdrawn track gets no row: what comes of it is left out, and whatever
 * was stored of it is erased, also the answers that a worker has stored meanwhile.
 * @param withdrawing tracks that the batch itself withdraws
 */
export async function applyTracks(
  transaction: ProjectionTransaction,
  shares: Changes['tracks'],
  withdrawing: readonly string[],
): Promise<AppliedTracks> {
  const trackIds = [...new Set([...shares.keys(), ...withdrawing])];
  if (trackIds.length === 0) return { changed: [], sighted: [], withdrawn: new Set(), erased: [] };
  const stored = await transaction.lockTracks(trackIds);
  const withdrawn = await transaction.withdrawn(trackIds);
  const changed: TrackRow[] = [];
  const sighted: Sighted[] = [];
  for (const [trackId, share] of shares) {
    if (withdrawn.has(trackId)) continue;
    const before = stored.get(trackId) ?? null;
    const after = before === null ? mergeStored(share, share) : mergeStored(before, share);
    if (before !== null && isDeepStrictEqual(before, after)) continue;
    changed.push(trackRow(after));
    sighted.push(...newSightings(before, after).map((appearance) => ({ trackId, appearance })));
  }
  await transaction.saveTracks(changed);
  const gone = await erased(transaction, withdrawn, { stored, shares, withdrawing });
  await transaction.markLatest([...changed.map(({ trackId }) => trackId), ...gone]);
  return { changed, sighted, withdrawn, erased: gone };
}

/** An appearance that stands in the stored row was brought to the playlists' tables by the transaction that stored it. */
function newSightings(before: StoredTrack | null, after: StoredTrack): readonly Appearance[] {
  const known = new Set(before?.track.appearances.map(canonical));
  return after.track.appearances.filter((appearance) => !known.has(canonical(appearance)));
}

/** Brings new sightings to the playlists' tables; returns the playlists that changed. */
export async function applySightings(
  transaction: ProjectionTransaction,
  sighted: readonly Sighted[],
): Promise<readonly PlaylistRow[]> {
  const shares = new Map<string, PlaylistState>();
  const rows = new Map<string, PlaylistTrackRow>();
  for (const { trackId, appearance } of sighted) {
    if (!inPlaylist(appearance)) continue;
    const { id } = appearance.playlist;
    const share = playlistState(appearance);
    shares.set(id, mergePlaylists(shares.get(id) ?? share, share));
    const row = playlistTrackRow(trackId, appearance);
    const key = `${id}\n${row.snapshotId}\n${trackId}`;
    rows.set(key, mergePlaylistTracks(rows.get(key) ?? row, row));
  }
  if (shares.size === 0) return [];
  const stored = await transaction.lockPlaylists([...shares.keys()]);
  const changed = [...shares].flatMap(([id, share]) => {
    const before = stored.get(id);
    const after = mergePlaylists(before ?? share, share);
    return before !== undefined && isDeepStrictEqual(before, after) ? [] : [playlistRow(id, after)];
  });
  await transaction.savePlaylists(changed);
  await transaction.addPlaylistTracks([...rows.values()]);
  return changed;
}
