import { readFile } from 'node:fs/promises';
import type { Pool, PoolClient } from 'pg';
import type { BulkTable } from '#providers/mlc/bulk/layout.ts';
import type { BulkLoading, BulkRows, BulkStore } from '#providers/mlc/bulk/store.ts';

/** Any number, as long as nobody else uses it: one process at a time loads a feed. */
const LOADING = 7_305_002;

/** Columns in the order in which the loader gives them. */
const COLUMNS: Readonly<Record<BulkTable, readonly string[]>> = {
  works: ['id', 'iswc', 'title', 'disputed', 'title_key'],
  titles: ['work', 'title', 'title_key'],
  parties: ['id', 'ipi', 'name', 'before', 'key_name', 'last_key'],
  shares: ['id', 'work', 'party', 'role', 'percent', 'type', 'preceding'],
  resources: ['id', 'isrc'],
  links: ['work', 'resource'],
};

/** Where a feed lies. Its name is a hash, so it needs no quoting beyond this. */
export const schemaOf = (snapshot: string): string => `mlc_bulk_${snapshot.replaceAll(/[^0-9a-z]/g, '')}`;

const sql = async (file: string, snapshot: string): Promise<string> =>
  (await readFile(new URL(`sql/${file}`, import.meta.url), 'utf8')).replaceAll('%S', schemaOf(snapshot));

const LIVE = 'select snapshot from linernotes.mlc_bulk';
const DONE = 'select done from linernotes.mlc_bulk_files where snapshot = $1 and file = $2';
const SET_DONE = `
  insert into linernotes.mlc_bulk_files (snapshot, file, done) values ($1, $2, $3)
  on conflict (snapshot, file) do update set done = excluded.done`;
const SHOW = `
  insert into linernotes.mlc_bulk (snapshot, loaded_at) values ($1, now())
  on conflict (one) do update set snapshot = excluded.snapshot, loaded_at = excluded.loaded_at`;
const OTHERS = `
  select nspname as schema from pg_namespace where nspname like 'mlc\\_bulk\\_%' and nspname <> all($1::text[])`;

function statementOf(table: BulkTable, snapshot: string): string {
  const columns = COLUMNS[table];
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  return `insert into "${schemaOf(snapshot)}".${table} (${columns.join(', ')}) select * from unnest(${arrays})`;
}

/** Text takes no NUL and no half of a surrogate pair. */
const storable = (cell: string | null): string | null => cell?.toWellFormed().replaceAll('\0', '') ?? null;

async function inOneStep(client: PoolClient, steps: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await steps();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function loadingOn(client: PoolClient, snapshot: string): BulkLoading & { readonly finish: () => Promise<void> } {
  const add = (table: BulkTable, rows: BulkRows, file: string, done: number): Promise<void> =>
    inOneStep(client, async () => {
      const arrays = COLUMNS[table].map((_, column) => rows.map((row) => storable(row[column] ?? null)));
      if (rows.length > 0) await client.query(statementOf(table, snapshot), arrays);
      await client.query(SET_DONE, [snapshot, file, done]);
    });
  return {
    add,
    doneOf: async (file) => {
      const { rows } = await client.query<{ done: number }>(DONE, [snapshot, file]);
      return Number(rows[0]?.done ?? 0);
    },
    finish: async () => {
      await client.query(await sql('mlc-bulk-indexes.sql', snapshot));
      await inOneStep(client, async () => {
        await client.query(SHOW, [snapshot]);
        await client.query('delete from linernotes.mlc_bulk_files where snapshot <> $1', [snapshot]);
      });
    },
  };
}

/** Feeds that answered before the live one: whoever was still reading one has its answer long since. */
async function dropOthers(client: PoolClient, kept: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ schema: string }>(OTHERS, [kept.map(schemaOf)]);
  for (const { schema } of rows) await client.query(`drop schema if exists "${schema}" cascade`);
}

/** Brings the feed in, on a connection that holds the lock. */
async function loadLocked(client: PoolClient, snapshot: string, fill: (loading: BulkLoading) => Promise<void>) {
  const { rows } = await client.query<{ snapshot: string }>(LIVE);
  const live = rows.map((row) => row.snapshot);
  if (live.includes(snapshot)) return 'live' as const;
  await dropOthers(client, [snapshot, ...live]);
  await client.query(await sql('mlc-bulk.sql', snapshot));
  const loading = loadingOn(client, snapshot);
  await fill(loading);
  await loading.finish();
  return 'loaded' as const;
}

/** Brings a feed in under a lock that ends with its connection, so that a killed process leaves the way free. */
export const loadBulk =
  (pool: Pool): BulkStore['load'] =>
  async (snapshot, fill) => {
    const client = await pool.connect();
    try {
      const lock = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [LOADING]);
      if (lock.rows[0]?.got !== true) return 'elsewhere';
      return await loadLocked(client, snapshot, fill);
    } finally {
      // The connection is closed, and the lock with it.
      client.release(true);
    }
  };
