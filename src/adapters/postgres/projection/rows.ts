import type { PoolClient } from 'pg';
import {
  type Columns,
  column,
  fromRecordset,
  LETTERS,
  names,
  OPERATIONS,
  PLAYLIST_TRACKS,
  PLAYLISTS,
  RUN_TRACKS,
  recordset,
  TRACKS,
} from './columns.ts';

/** Writes rows that are locked, hence there: `$1` the rows as jsonb. */
function update<Row>(table: string, columns: Columns<Row>, keys: readonly (keyof Row & string)[]): string {
  const same = keys.map((key) => `t.${column(key)} = r."${key}"`).join(' and ');
  return `update ${table} t set (${names(columns)}) = row(${fromRecordset(columns)}) from ${recordset(columns)} where ${same}`;
}

const insert = <Row>(table: string, columns: Columns<Row>): string =>
  `insert into ${table} as t (${names(columns)}) select ${fromRecordset(columns)} from ${recordset(columns)}`;

const excluded = <Row>(columns: Columns<Row>): string =>
  names(columns)
    .split(', ')
    .map((name) => `excluded.${name}`)
    .join(', ');

const SAVE = {
  tracks: update('tracks', TRACKS, ['trackId']),
  playlists: update('playlists', PLAYLISTS, ['playlistId']),
  runTracks: update('run_tracks', RUN_TRACKS, ['runId', 'trackId']),
  playlistTracks: `${insert('playlist_tracks', PLAYLIST_TRACKS)}
    order by r."playlistId" collate "C", r."snapshotId" collate "C", r."trackId" collate "C"
    on conflict (playlist_id, snapshot_id, track_id) do update
    set positions = array(select distinct p from unnest(t.positions || excluded.positions) p order by p),
      run_id = least(t.run_id, excluded.run_id)
    where not t.positions @> excluded.positions or t.run_id > excluded.run_id`,
  letters: `${insert('dead_letters', LETTERS)}
    order by r."letterId" collate "C"
    on conflict (letter_id) do update set (${names(LETTERS)}) = row(${excluded(LETTERS)}) where excluded."offset" > t."offset"
    returning letter_id as "letterId", xmax = 0 as made`,
  operations: `${insert('operations', OPERATIONS)} order by r."operationId" collate "C" on conflict do nothing`,
};

const LOCK = {
  tracks: [
    `insert into tracks (track_id) select unnest($1::text[]) on conflict do nothing`,
    `select track_id as key, state from tracks where track_id = any($1::text[]) order by track_id for update`,
  ],
  playlists: [
    `insert into playlists (playlist_id) select unnest($1::text[]) on conflict do nothing`,
    `select playlist_id as key, state from playlists where playlist_id = any($1::text[]) order by playlist_id for update`,
  ],
} as const;

const LOCK_RUN_TRACKS = [
  `insert into run_tracks (run_id, track_id) select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
  `select run_id as "runId", track_id as "trackId", state from run_tracks
   where (run_id, track_id) in (select * from unnest($1::text[], $2::text[])) order by run_id, track_id for update`,
] as const;

/** Writes rows in one statement. */
export async function save(client: PoolClient, what: keyof typeof SAVE, rows: readonly unknown[]): Promise<unknown[]> {
  if (rows.length === 0) return [];
  const query = { name: `save-${what}`, text: SAVE[what], values: [JSON.stringify(rows)] };
  return (await client.query(query)).rows;
}

/** Keys in the order of their bytes: the order in which every transaction locks. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Makes missing rows and locks all in key order; returns the states of those that had one. */
export async function lock<State>(
  client: PoolClient,
  what: keyof typeof LOCK,
  keys: readonly string[],
): Promise<ReadonlyMap<string, State>> {
  const [make, take] = LOCK[what];
  const values = [[...keys].sort(byBytes)];
  await client.query({ name: `make-${what}`, text: make, values });
  const query = { name: `lock-${what}`, text: take, values };
  const { rows } = await client.query<{ key: string; state: State | null }>(query);
  return new Map(rows.flatMap(({ key, state }) => (state === null ? [] : [[key, state]])));
}

type RunTrackKey = { readonly runId: string; readonly trackId: string };

/** The same for the rows of (run, track). */
export async function lockPairs<State>(
  client: PoolClient,
  pairs: readonly RunTrackKey[],
): Promise<readonly (RunTrackKey & { readonly state: State })[]> {
  const [make, take] = LOCK_RUN_TRACKS;
  const sorted = [...pairs].sort((a, b) => byBytes(a.runId, b.runId) || byBytes(a.trackId, b.trackId));
  const values = [sorted.map(({ runId }) => runId), sorted.map(({ trackId }) => trackId)];
  await client.query({ name: 'make-run-tracks', text: make, values });
  const query = { name: 'lock-run-tracks', text: take, values };
  const { rows } = await client.query<RunTrackKey & { state: State | null }>(query);
  return rows.flatMap(({ state, ...key }) => (state === null ? [] : [{ ...key, state }]));
}
