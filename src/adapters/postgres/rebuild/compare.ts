import type { PoolClient } from 'pg';
import { isOfThisLayout } from '#adapters/postgres/read-models.ts';

/** A table of both models, held against each other at the same offsets. */
export type Compared = {
  readonly table: string;
  readonly rebuilt: number;
  readonly live: number;
  /** Rows that one of them has otherwise, or not at all; `null` where the layouts differ and rows cannot be compared. */
  readonly different: number | null;
  /** Keys of a few of these. */
  readonly sample: readonly string[];
};

/** By table its key, what is compared, and which rows count. All of a track's row follows from its state. */
const TABLES: Readonly<Record<string, { keys: readonly string[]; what: string; only?: string }>> = {
  tracks: { keys: ['track_id'], what: '$.state' },
  playlists: { keys: ['playlist_id'], what: '$.*' },
  playlist_tracks: { keys: ['playlist_id', 'snapshot_id', 'track_id'], what: '$.*' },
  runs: { keys: ['run_id'], what: '$.*' },
  run_phases: { keys: ['run_id', 'phase', 'status'], what: '$.*', only: 'where tracks <> 0' },
  run_tracks: { keys: ['run_id', 'track_id'], what: '$.*' },
  dead_letters: { keys: ['letter_id'], what: '$.*' },
  operations: { keys: ['operation_id'], what: '$.*' },
};

const SAMPLE = 3;

type Models = { readonly rebuilt: string; readonly live: string };

/** Compares everything the client's transaction sees of both models. Takes as long as reading both once. */
export async function compareModels(client: PoolClient, models: Models): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  for (const table of Object.keys(TABLES)) compared.push(await compareTable(client, table, models));
  return compared;
}

async function compareTable(client: PoolClient, table: string, models: Models): Promise<Compared> {
  const { rebuilt, live } = await counted(client, table, models);
  if (!isOfThisLayout(models.live)) return { table, rebuilt, live, different: null, sample: [] };
  const { rows } = await client.query<{ different: number; sample: readonly string[] | null }>(`
    with d as (select concat_ws(' ', ${coalescedKeys(table)}) as key ${differing(table, models)})
    select count(*) as different, (array_agg(key order by key))[1:${SAMPLE}] as sample from d`);
  const [found = { different: 0, sample: null }] = rows;
  return { table, rebuilt, live, different: found.different, sample: found.sample ?? [] };
}

/** Another layout may lack the table. */
async function counted(client: PoolClient, table: string, models: Models) {
  const { rows: there } = await client.query<{ so: boolean }>('select to_regclass($1) is not null as so', [
    `"${models.live}".${table}`,
  ]);
  const of = (model: string) => `(select count(*) from "${model}".${table} ${TABLES[table]?.only ?? ''})`;
  const { rows } = await client.query<{ rebuilt: number; live: number }>(
    `select ${of(models.rebuilt)} as rebuilt, ${there[0]?.so === true ? of(models.live) : '0::bigint'} as live`,
  );
  return rows[0] ?? { rebuilt: 0, live: 0 };
}

const coalescedKeys = (table: string): string =>
  (TABLES[table]?.keys ?? []).map((key) => `coalesce(n.${key}, o.${key})`).join(', ');

/** `from … where …` of the rows that differ: `n` the rebuilt, `o` the live one. */
function differing(table: string, { rebuilt, live }: Models): string {
  const { keys = [], what = '', only = '' } = TABLES[table] ?? {};
  const side = (model: string) => `(select * from "${model}".${table} ${only})`;
  const value = (alias: string) => `row(${what.replace('$', alias)})`;
  const same = keys.map((key) => `n.${key} = o.${key}`).join(' and ');
  return `from ${side(rebuilt)} n full join ${side(live)} o on ${same} where ${value('n')} is distinct from ${value('o')}`;
}

/** Runs whose counters are not what their tracks say: that is a fault of the projector, whichever model has it. */
export async function wrongRuns(client: PoolClient, model: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ key: string }>(`
    select r.run_id as key from "${model}".runs r left join (
      select run_id, count(*) as accepted, count(*) filter (where place = 'complete') as complete,
        count(*) filter (where place = 'dead_lettered') as dead_lettered
      from "${model}".run_tracks group by run_id) t using (run_id)
    where (r.accepted, r.complete, r.dead_lettered)
      is distinct from (coalesce(t.accepted, 0), coalesce(t.complete, 0), coalesce(t.dead_lettered, 0))
    order by 1 limit ${SAMPLE}`);
  return rows.map(({ key }) => key);
}

/** Marks for `tracks.latest` the tracks whose row the swap changes; all where rows cannot be compared. */
export async function markDifferent(client: PoolClient, models: Models): Promise<void> {
  const changed = isOfThisLayout(models.live)
    ? `select coalesce(n.track_id, o.track_id) as id ${differing('tracks', models)}`
    : `select track_id as id from "${models.rebuilt}".tracks union select track_id from "${models.live}".tracks`;
  await client.query(`
    insert into linernotes.latest_outbox (track_id, version)
    select id, nextval('linernotes.latest_versions') from (${changed} order by 1) c
    on conflict (track_id) do update set version = excluded.version, refused = null`);
}
