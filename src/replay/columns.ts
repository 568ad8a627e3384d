/** What the values of a column are; it decides which operators it takes. */
export type ColumnKind = 'text' | 'number' | 'flag' | 'list' | 'moment';

/** A column of the read model that a replay's condition may name. `sql` is over the view `tracks` as `t`. */
export type Column = { readonly kind: ColumnKind; readonly sql: string; readonly about: string };

const own = (kind: ColumnKind, name: string, about: string): readonly [string, Column] => [
  name,
  { kind, sql: `t.${name}`, about },
];

/** When a part was fetched, out of the sections: milliseconds since the epoch there. */
const fetched = (name: string, path: string, about: string): readonly [string, Column] => [
  name,
  { kind: 'moment', sql: `to_timestamp((t.sections #>> '{${path},fetchedAt}')::float8 / 1000)`, about },
];

/** Every column that `--where` knows; nothing else of a condition ever reaches the database as text. */
export const COLUMNS: ReadonlyMap<string, Column> = new Map([
  own('text', 'track_id', 'Spotify track id'),
  own('text', 'name', 'track name'),
  own('list', 'artists', 'artist names'),
  own('text', 'isrc', 'ISRC'),
  own('text', 'label', 'record label'),
  own('text', 'release_date', 'release date, 2026-01-31 or less of it'),
  own('text', 'album_name', 'album'),
  own('number', 'duration_ms', 'length in milliseconds'),
  own('flag', 'explicit', 'marked explicit'),
  own('number', 'popularity', 'Spotify popularity'),
  own('number', 'streams', 'all-time streams'),
  own('list', 'genres', 'genres'),
  own('number', 'artist_followers', 'followers of the first artist'),
  own('list', 'writers', 'songwriters'),
  own('list', 'producers', 'producers'),
  own('list', 'performers', 'performers'),
  own('list', 'publishers', 'publishers'),
  own('text', 'publisher_status', 'publisher status'),
  own('text', 'iswc', 'ISWC'),
  own('text', 'track_stage', 'Chartmetric stage'),
  own('number', 'playlist_reach', 'followers of its playlists'),
  own('number', 'youtube_views', 'YouTube views'),
  own('text', 'status', 'complete, in_flight or dead_lettered'),
  own('flag', 'degraded', 'a phase failed'),
  own('text', 'spotify_status', 'how the phase ended'),
  own('text', 'credits_status', 'how the phase ended'),
  own('text', 'publishing_status', 'how the phase ended'),
  own('text', 'links_status', 'how the phase ended'),
  own('text', 'analytics_status', 'how the phase ended'),
  own('moment', 'first_seen_at', 'first seen'),
  own('moment', 'complete_at', 'first complete'),
  own('moment', 'updated_at', 'last changed'),
  [
    'playlists',
    {
      kind: 'list',
      sql: 'array(select p.playlist_id from playlist_tracks p where p.track_id = t.track_id and p.current)',
      about: 'playlists whose current snapshot holds it',
    },
  ],
  fetched('popularity_at', 'spotify,popularity', 'popularity asked of Spotify'),
  fetched('credits_at', 'credits,people', 'credits read'),
  fetched('streams_at', 'credits,streams', 'stream count read'),
  fetched('publishing_at', 'publishing,status', 'The MLC asked'),
  fetched('links_at', 'links,writers', 'links asked'),
  fetched('statistics_at', 'analytics,statistics', 'Chartmetric statistics asked'),
]);

/** The operators that each kind of column takes, besides `is null` and `is not null`, which all take. */
export const OPERATORS: Readonly<Record<ColumnKind, readonly string[]>> = {
  text: ['=', '!=', 'in', 'like'],
  number: ['=', '!=', '<', '<=', '>', '>=', 'in'],
  flag: ['=', '!='],
  list: ['contains'],
  moment: ['<', '<=', '>', '>=', 'older than', 'newer than'],
};
