import { readFile } from 'node:fs/promises';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from './transaction.ts';

/**
 * The layout of the read model. Raised with every change of `sql/read-model.sql` or of the states in it: nothing is migrated, a new
 * one is filled from the log in place of the old.
 */
const LAYOUT = 'read_v5';

/** Any number, as long as nobody else uses it: processes that start together prepare one after the other. */
const PREPARING = 7_305_001;

const sql = (file: string): Promise<string> => readFile(new URL(`sql/${file}`, import.meta.url), 'utf8');

/**
 * Makes what is not there: the shared tables, and the live read model when there is none of this release's layout; one of an earlier
 * layout is retired, and the projector fills the new one from the log's beginning. Safe to call from every process at every start.
 * @returns the name of the live read model's schema
 */
export function prepareDatabase(pool: Pool): Promise<string> {
  return inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [PREPARING]);
    await client.query(await sql('infrastructure.sql'));
    const live = await client.query<{ name: string }>(`select name from linernotes.read_models where state = 'live'`);
    const name = live.rows[0]?.name;
    if (name !== undefined && isOfThisLayout(name)) return name;
    await client.query(`update linernotes.read_models set state = 'retired' where state = 'live'`);
    const fresh = await freeName(client);
    await createReadModel(client, fresh, 'live');
    await showReadModel(client, fresh);
    return fresh;
  });
}

const isOfThisLayout = (name: string): boolean => name === LAYOUT || name.startsWith(`${LAYOUT}_`);

/** A release may come back after a later one: then its earlier model is retired and a new one gets a number. */
async function freeName(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select name from linernotes.read_models');
  const taken = rows.filter(({ name }) => isOfThisLayout(name)).length;
  return taken === 0 ? LAYOUT : `${LAYOUT}_${taken + 1}`;
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
