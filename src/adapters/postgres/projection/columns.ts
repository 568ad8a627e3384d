import type { Letter } from '#projector/letter.ts';
import type { OperationRow } from '#projector/operation-row.ts';
import type { PlaylistRow, PlaylistTrackRow } from '#projector/playlist-row.ts';
import type { RunTrackRow } from '#projector/run-track.ts';
import type { TrackRow } from '#projector/track-row.ts';

/** Property to Postgres type, in one table per row type; names of columns follow from the properties. */
export type Columns<Row> = { readonly [Property in keyof Row & string]: string };

/** `releaseDate` → `release_date`. */
export const column = (property: string): string =>
  `"${property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;

const TEXTS = 'text[]';

export const TRACKS: Columns<TrackRow> = {
  trackId: 'text',
  name: 'text',
  artists: TEXTS,
  isrc: 'text',
  label: 'text',
  releaseDate: 'text',
  releaseDatePrecision: 'text',
  albumName: 'text',
  durationMs: 'bigint',
  explicit: 'boolean',
  popularity: 'bigint',
  streams: 'bigint',
  genres: TEXTS,
  artistFollowers: 'bigint',
  writers: TEXTS,
  producers: TEXTS,
  performers: TEXTS,
  publishers: TEXTS,
  publisherStatus: 'text',
  iswc: 'text',
  trackStage: 'text',
  playlistReach: 'bigint',
  youtubeViews: 'bigint',
  status: 'text',
  degraded: 'boolean',
  spotifyStatus: 'text',
  creditsStatus: 'text',
  publishingStatus: 'text',
  linksStatus: 'text',
  analyticsStatus: 'text',
  firstSeenAt: 'timestamptz',
  completeAt: 'timestamptz',
  updatedAt: 'timestamptz',
  summary: 'jsonb',
  conflicts: 'jsonb',
  state: 'jsonb',
};

export const PLAYLISTS: Columns<PlaylistRow> = {
  playlistId: 'text',
  name: 'text',
  url: 'text',
  curator: 'text',
  isEditorial: 'boolean',
  snapshotId: 'text',
  observedAt: 'timestamptz',
  state: 'jsonb',
};

export const PLAYLIST_TRACKS: Columns<PlaylistTrackRow> = {
  playlistId: 'text',
  snapshotId: 'text',
  trackId: 'text',
  runId: 'text',
  positions: 'int[]',
};

export const RUN_TRACKS: Columns<RunTrackRow> = {
  runId: 'text',
  trackId: 'text',
  place: 'text',
  degraded: 'boolean',
  state: 'jsonb',
};

export const LETTERS: Columns<Letter> = {
  letterId: 'text',
  consumerGroup: 'text',
  phase: 'text',
  class: 'text',
  code: 'text',
  message: 'text',
  fingerprint: 'text',
  attempts: 'int',
  redrives: 'int',
  firstFailedAt: 'timestamptz',
  lastFailedAt: 'timestamptz',
  codeVersion: 'text',
  forwarded: 'boolean',
  trackId: 'text',
  runId: 'text',
  originTopic: 'text',
  originPartition: 'int',
  originOffset: 'bigint',
  topic: 'text',
  partition: 'int',
  offset: 'bigint',
  at: 'timestamptz',
};

export const OPERATIONS: Columns<OperationRow> = {
  operationId: 'text',
  kind: 'text',
  by: 'text',
  at: 'timestamptz',
  target: 'text',
  reason: 'text',
  details: 'jsonb',
  letterOffset: 'bigint',
  position: 'bigint',
};

const listed = <Row>(columns: Columns<Row>): readonly (keyof Row & string)[] =>
  Object.keys(columns) as (keyof Row & string)[];

/** `"track_id", "name", …` */
export const names = <Row>(columns: Columns<Row>): string => listed(columns).map(column).join(', ');

/**
 * The rows of one jsonb parameter as a table `r`. One parameter and one plan for any number of rows, as with `unnest`, and unlike
 * it this carries columns that are arrays themselves.
 */
export const recordset = <Row>(columns: Columns<Row>): string =>
  `jsonb_to_recordset($1::jsonb) as r(${listed(columns)
    .map((property) => `"${property}" ${columns[property]}`)
    .join(', ')})`;

/** `r."trackId", r."name", …` in the order of `names`. */
export const fromRecordset = <Row>(columns: Columns<Row>): string =>
  listed(columns)
    .map((property) => `r."${property}"`)
    .join(', ');

/** `select` list that gives the columns back under their properties' names. */
export const asProperties = (properties: readonly string[], table: string): string =>
  properties.map((property) => `${table}.${column(property)} as "${property}"`).join(', ');
