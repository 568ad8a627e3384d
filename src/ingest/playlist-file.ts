import { type FetchMethod, NOTHING_SEEN, type Observation } from '#track/raw.ts';

/** Rows that are no tracks and never will be. They are counted, named and left out. */
export const SKIP_REASONS = {
  EPISODE: 'An episode, not a track.',
  AUDIOBOOK: 'An audiobook, not a track.',
  LOCAL_FILE: "A file on the playlist owner's disk; no provider knows it.",
  NULL_TRACK: 'The place of a track that is gone; nothing is left of it.',
  NOT_A_TRACK: 'An album, artist, playlist or show.',
} as const;

/** Rows that should have been tracks but cannot be keyed (nothing is guessed), and tracks that are not taken. */
export const REJECT_REASONS = {
  NO_TRACK_ID: 'The row names no Spotify track id, URI or link.',
  BAD_TRACK_ID: 'The text is no Spotify track id, URI or link.',
  BAD_ROW: 'The row does not have the shape of its format.',
  WITHDRAWN: 'The track was withdrawn, and is not taken any more.',
} as const;

export type SkipReason = keyof typeof SKIP_REASONS;
export type RejectReason = keyof typeof REJECT_REASONS;

/** What a row already knows of its track, under the names of the raw event. */
export type Known = Pick<Observation, keyof typeof NOTHING_SEEN>;

/** One row of a file: a track, or why it is none. `value` is what the row says of itself, shortened, for the answer. */
export type Row =
  | { readonly kind: 'track'; readonly trackId: string; readonly known: Known }
  | { readonly kind: 'skip'; readonly reason: SkipReason; readonly value: string }
  | { readonly kind: 'reject'; readonly reason: RejectReason; readonly value: string };

/** One playlist of a file. A row's position is its index here. */
export type PlaylistFile = {
  readonly id: string | null;
  readonly name: string | null;
  readonly snapshotId: string | null;
  readonly url: string | null;
  readonly curator: string | null;
  readonly isEditorial: boolean | null;
  readonly fetchMethod: FetchMethod;
  /** When the playlist was read, if the file says. */
  readonly observedAt: number | null;
  /** Position of the first row: a page need not begin at 0. */
  readonly offset: number;
  /** How many rows the whole playlist has, if the file says: more than its rows means a partial capture. */
  readonly totalRows: number | null;
  readonly rows: readonly Row[];
};

export const A_PLAYLIST_FILE: PlaylistFile = {
  id: null,
  name: null,
  snapshotId: null,
  url: null,
  curator: null,
  isEditorial: null,
  fetchMethod: 'import',
  observedAt: null,
  offset: 0,
  totalRows: null,
  rows: [],
};

const MAX_VALUE = 120;

const shortened = (value: string): string => (value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value);

export const trackRow = (trackId: string, known: Partial<Known> = {}): Row => ({
  kind: 'track',
  trackId,
  known: { ...NOTHING_SEEN, ...known },
});
export const skipRow = (reason: SkipReason, value: string): Row => ({ kind: 'skip', reason, value: shortened(value) });
export const rejectRow = (reason: RejectReason, value: string): Row => ({
  kind: 'reject',
  reason,
  value: shortened(value),
});
