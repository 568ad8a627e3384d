import { readFile } from 'node:fs/promises';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './transaction.ts';

/**
 * The layout of the read model. Raised with every change of `sql/read-model.sql` or of the states in it: nothing is migrated, a new
 * one is filled from the log in place of the old, or beside it by `linernotes rebuild`.
 */
const LAYOUT = 'read_v5';

/** Any number, as long as nobody else uses it: whoever makes, swaps or drops read models does so alone. */
const PREPARING = 7_305_001;

const sql = (file: string): Promise<string> => readFile(new URL(`sql/${file}`, import.meta.url), 'utf8');

/** Waits until nobody else makes, swaps or drops read models, until the transaction ends. */
export const alone = async (client: PoolClient): Promise<void> => {
  await client.query('select pg_advisory_xact_lock($1)', [PREPARING]);
};

/** Makes the tables that no rebuild touches, where they are not there. */
export const makeShared = async (client: PoolClient): Promise<void> => {
  await client.query(await sql('infrastructure.sql'));
  await client.query(await sql('stages.sql'));
  await client.query(await sql('latest-outbox.sql'));
};

export const isOfThisLayout = (name: string): boolean => name === LAYOUT || name.startsWith(`${LAYOUT}_`);

/** The live read model's schema; `null` before there is one. */
export async function liveModel(client: Pool | PoolClient): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(`select name from linernotes.read_models where state = 'live'`);
  return rows[0]?.name ?? null;
}

/** A name of this layout that no model has. */
export async function freeName(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select name from linernotes.read_models');
  const taken = new Set(rows.map(({ name }) => name));
  if (!taken.has(LAYOUT)) return LAYOUT;
  const numbers = Array.from({ length: taken.size }, (_, n) => `${LAYOUT}_${n + 2}`);
  return numbers.find((name) => !taken.has(name)) ?? `${LAYOUT}_${taken.size + 2}`;
}

/** Makes an empty read model in a schema of its own. */
export async function createReadModel(client: PoolClient, name: string, state: 'building' | 'live'): Promise<void> {
  await client.query('insert into linernotes.read_models (name, state) values ($1, $2)', [name, state]);
  await client.query(`create schema ${client.escapeIdentifier(name)}`);
  await client.query(searchPath(name));
  await client.query(await sql('read-model.sql'));
}

/** Points the public views at a read model. In one transaction with the change of its state this is the swap. */
export async function showReadModel(client: PoolClient, name: string): Promise<void> {
  await client.query((await sql('live-views.sql')).replaceAll('%I', client.escapeIdentifier(name)));
}

/** Puts a read model's schema first until the transaction ends. The name is checked when the model is made. */
export const searchPath = (name: string): string => `set local search_path to "${name}", public`;

/** Drops a model that is not live, with its checkpoints. */
export async function dropReadModel(client: PoolClient, name: string): Promise<void> {
  await client.query(`drop schema if exists ${client.escapeIdentifier(name)} cascade`);
  await client.query('delete from linernotes.checkpoints where projection = $1', [name]);
  await client.query(`delete from linernotes.read_models where name = $1 and state <> 'live'`, [name]);
}

/**
 * Retired models that the live one has caught up with: after a swap at once; where a new layout is filled in place of the old, once it
 * is filled. One that an operator keeps stays until the next rebuild.
 */
const DONE_WITH = `
  select old.name from linernotes.read_models old join linernotes.read_models live on live.state = 'live'
  where old.state = 'retired' and not old.kept and not exists (
    select from linernotes.checkpoints was
      left join linernotes.checkpoints now on now.projection = live.name
        and now.topic = was.topic and now.partition = was.partition
    where was.projection = old.name and coalesce(now.next_offset, 0) < was.next_offset)`;

/**
 * Drops retired read models that nobody needs any more. Somebody's long query on one is not waited for: the next start tries again.
 * @returns the names of those that were dropped
 * @throws when the database is lost, or one is in use
 */
export const dropRetired = (pool: Pool): Promise<readonly string[]> =>
  inTransaction(pool, async (client) => {
    await client.query(`set local lock_timeout = '5s'`);
    await alone(client);
    const { rows } = await client.query<{ name: string }>(DONE_WITH);
    for (const { name } of rows) await dropReadModel(client, name);
    return rows.map(({ name }) => name);
  });
