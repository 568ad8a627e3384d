import { later } from '#track/canonical.ts';
import type { Appearance, Observed } from '#track/state.ts';

/** What is said of a playlist, field by field: the later observation that has a value wins. */
export type PlaylistState = {
  readonly name: Observed<string> | null;
  readonly url: Observed<string> | null;
  readonly curator: Observed<string> | null;
  readonly isEditorial: Observed<boolean> | null;
  readonly snapshot: Observed<string> | null;
};

export type PlaylistRow = {
  readonly playlistId: string;
  readonly name: string | null;
  readonly url: string | null;
  readonly curator: string | null;
  readonly isEditorial: boolean | null;
  /** The snapshot that was observed last. */
  readonly snapshotId: string | null;
  readonly observedAt: string | null;
  readonly state: PlaylistState;
};

/** A track's places in one snapshot of a playlist. */
export type PlaylistTrackRow = {
  readonly playlistId: string;
  readonly snapshotId: string;
  readonly trackId: string;
  readonly runId: string;
  readonly positions: readonly number[];
};

type Sighting = Appearance & { readonly playlist: NonNullable<Appearance['playlist']> };

export const inPlaylist = (appearance: Appearance): appearance is Sighting => appearance.playlist !== null;

/** A source without snapshots has one per run. */
const snapshotOf = ({ playlist, runId }: Sighting): string => playlist.snapshotId ?? runId;

export function playlistState(sighting: Sighting): PlaylistState {
  const { playlist, observedAt: at } = sighting;
  const observed = <Value>(value: Value | null): Observed<Value> | null => (value === null ? null : { value, at });
  return {
    name: observed(playlist.name),
    url: observed(playlist.url),
    curator: observed(playlist.curator),
    isEditorial: observed(playlist.isEditorial),
    snapshot: observed(snapshotOf(sighting)),
  };
}

const newer = <Value>(a: Observed<Value> | null, b: Observed<Value> | null) => later(a, b, ({ at }) => at);

export const mergePlaylists = (a: PlaylistState, b: PlaylistState): PlaylistState => ({
  name: newer(a.name, b.name),
  url: newer(a.url, b.url),
  curator: newer(a.curator, b.curator),
  isEditorial: newer(a.isEditorial, b.isEditorial),
  snapshot: newer(a.snapshot, b.snapshot),
});

export const playlistRow = (playlistId: string, state: PlaylistState): PlaylistRow => ({
  playlistId,
  name: state.name?.value ?? null,
  url: state.url?.value ?? null,
  curator: state.curator?.value ?? null,
  isEditorial: state.isEditorial?.value ?? null,
  snapshotId: state.snapshot?.value ?? null,
  observedAt: state.snapshot === null ? null : new Date(state.snapshot.at).toISOString(),
  state,
});

export const playlistTrackRow = (trackId: string, sighting: Sighting): PlaylistTrackRow => ({
  playlistId: sighting.playlist.id,
  snapshotId: snapshotOf(sighting),
  trackId,
  runId: sighting.runId,
  positions: ascending(sighting.playlist.positions),
});

const ascending = (positions: readonly number[]): readonly number[] => [...new Set(positions)].sort((a, b) => a - b);

/** Positions are a set; of several runs that saw the snapshot the smallest name stays, whatever the order. */
export const mergePlaylistTracks = (a: PlaylistTrackRow, b: PlaylistTrackRow): PlaylistTrackRow => ({
  ...a,
  runId: a.runId < b.runId ? a.runId : b.runId,
  positions: ascending([...a.positions, ...b.positions]),
});
