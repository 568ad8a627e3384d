import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import { merge } from '#track/merge.ts';
import { PHASES } from '#track/phase.ts';
import { resolve } from '#track/resolve.ts';
import { stateOf, type TrackState } from '#track/state.ts';
import type { Judged, JudgedEvent } from './judged.ts';

type Row = Readonly<Record<string, unknown>>;

/** Columns that are a value of the summary, by its name there. */
const VALUES = {
  name: 'name',
  artists: 'artists',
  isrc: 'isrc',
  label: 'label',
  album_name: 'albumName',
  duration_ms: 'durationMs',
  explicit: 'explicit',
  popularity: 'popularity',
  streams: 'streams',
  genres: 'genres',
  artist_followers: 'artistFollowers',
  writers: 'writers',
  producers: 'producers',
  performers: 'performers',
  publishers: 'publishers',
  publisher_status: 'publisherStatus',
  iswc: 'iswc',
  track_stage: 'trackStage',
  playlist_reach: 'playlistReach',
  youtube_views: 'youtubeViews',
} as const;

const LISTS = new Set(['artists', 'genres', 'writers', 'producers', 'performers', 'publishers']);

/** All of a track that the log says, as far as the merge law goes. */
export const foldOf = (events: readonly JudgedEvent[]): TrackState =>
  events.map(({ event }) => stateOf(event)).reduce(merge);

/** The columns of a track's row that follow from its state alone. */
export function columnsOf(state: TrackState): Row {
  const summary = resolve(state);
  const values = Object.entries(VALUES).map(([column, field]) => [
    column,
    summary[field]?.value ?? (LISTS.has(column) ? [] : null),
  ]);
  return {
    ...Object.fromEntries(values),
    track_id: state.trackId,
    release_date: summary.releaseDate?.value.value ?? null,
    release_date_precision: summary.releaseDate?.value.precision ?? null,
    degraded: PHASES.some((phase) => state.reports[phase]?.status === 'failed'),
    ...Object.fromEntries(PHASES.map((phase) => [`${phase}_status`, state.reports[phase]?.status ?? null])),
    summary,
    raw: state.raw,
    sections: state.sections,
    reports: state.reports,
    appearances: state.appearances,
  };
}

const COLUMNS = `${[...Object.keys(VALUES), 'track_id', 'release_date', 'release_date_precision', 'degraded'].join(', ')},
  ${PHASES.map((phase) => `${phase}_status`).join(', ')}, summary, raw, sections, reports, appearances`;

/** The rows of these tracks, or of all: the columns of `columnsOf`. */
export async function trackRows(pool: Pool, trackIds: readonly string[] | null = null): Promise<readonly Row[]> {
  const text = `select ${COLUMNS} from tracks where $1::text[] is null or track_id = any($1) order by track_id`;
  return (await pool.query<Row>(text, [trackIds])).rows;
}

/** Events by track. */
export function byTrack(events: readonly JudgedEvent[]): ReadonlyMap<string, readonly JudgedEvent[]> {
  const tracks = new Map<string, JudgedEvent[]>();
  for (const event of events) tracks.set(event.trackId, [...(tracks.get(event.trackId) ?? []), event]);
  return tracks;
}

/** Each track's row is the fold of its events, and where the track stands follows from where they stand. */
export async function wrongTracks(pool: Pool, { events, letters }: Judged): Promise<readonly string[]> {
  const tracks = byTrack(events);
  const rows = new Map((await trackRows(pool)).map((row) => [String(row['track_id']), row]));
  // A dead letter alone also makes a row: of a track of which nothing is known.
  const known = new Set([...tracks.keys(), ...letters.flatMap(({ trackId }) => trackId ?? [])]);
  return [
    ...[...tracks].flatMap(([trackId, own]) => {
      const [row, fold] = [rows.get(trackId), columnsOf(foldOf(own))];
      return row === undefined ? [`Track ${trackId} has no row.`] : differences(trackId, row, fold);
    }),
    ...[...rows.keys()].flatMap((trackId) => (known.has(trackId) ? [] : [`Row ${trackId} comes of no event.`])),
    ...(await wrongStanding(pool, events)),
    ...(await wrongPlaylists(pool, events)),
  ];
}

const differences = (trackId: string, row: Row, fold: Row): readonly string[] =>
  Object.entries(plain(fold)).flatMap(([column, wanted]) =>
    placesThatDiffer(row[column], wanted, column).map((place) => `Track ${trackId}: ${place}.`),
  );

const plain = (value: Row): Row => JSON.parse(JSON.stringify(value));

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names the innermost places: a section is too long to be read. */
function placesThatDiffer(found: unknown, wanted: unknown, place: string): readonly string[] {
  if (isDeepStrictEqual(found, wanted)) return [];
  if (!isObject(found) || !isObject(wanted))
    return [`${place} is ${JSON.stringify(found)}; its events say ${JSON.stringify(wanted)}`];
  const names = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  return [...names].flatMap((name) => placesThatDiffer(found[name], wanted[name], `${place}.${name}`));
}

/** A track is complete exactly when it stands on the last topic, since the first time it did. */
async function wrongStanding(pool: Pool, events: readonly JudgedEvent[]): Promise<readonly string[]> {
  const completed = new Map<string, number>();
  for (const { trackId, place, record } of events)
    if (place === PHASES.length)
      completed.set(trackId, Math.min(record.timestamp, completed.get(trackId) ?? Number.POSITIVE_INFINITY));
  const { rows } = await pool.query<{ trackId: string; status: string; at: string | null }>(
    `select track_id as "trackId", status, complete_at as at from tracks`,
  );
  return rows.flatMap(({ trackId, status, at }) => {
    const since = completed.get(trackId);
    const right =
      (status === 'complete') === (since !== undefined) && (at === null ? undefined : Date.parse(at)) === since;
    return right ? [] : [`Track ${trackId} is ${status} since ${at}; its events say ${since}.`];
  });
}

/** Positions in playlists are those of the appearances. */
async function wrongPlaylists(pool: Pool, events: readonly JudgedEvent[]): Promise<readonly string[]> {
  const wanted = new Map<string, Set<number>>();
  for (const { trackId, event } of events) {
    const { playlist } = event.raw;
    if (playlist === null || playlist.snapshotId === null) continue;
    const key = `${playlist.id} ${playlist.snapshotId} ${trackId}`;
    wanted.set(key, new Set([...(wanted.get(key) ?? []), ...playlist.positions]));
  }
  const { rows } = await pool.query<{ key: string; positions: number[] }>(
    `select playlist_id || ' ' || snapshot_id || ' ' || track_id as key, positions from playlist_tracks`,
  );
  const found = new Map(rows.map(({ key, positions }) => [key, positions]));
  return [...wanted].flatMap(([key, positions]) => {
    const sorted = [...positions].sort((a, b) => a - b);
    if (isDeepStrictEqual(found.get(key), sorted)) return [];
    return [`playlist_tracks ${key} has positions ${found.get(key)}; its events say ${sorted}.`];
  });
}
