import type { Pool, PoolClient } from 'pg';
import {
  alone,
  createReadModel,
  freeName,
  isOfThisLayout,
  liveModel,
  makeShared,
  showReadModel,
} from './read-models.ts';
import { inTransaction } from './transaction.ts';

/**
 * Makes what is not there: the shared tables, and the live read model when there is none of this release's layout; one of an earlier
 * layout is retired, and the projector fills the new one from the log's beginning. Safe to call from every process at every start.
 * @returns the name of the live read model's schema
 */
export const prepareDatabase = (pool: Pool): Promise<string> => prepared(pool, isOfThisLayout);

/** The same, but a live read model of another layout stays: a rebuild makes its successor beside it. */
export const prepareBeside = (pool: Pool): Promise<string> => prepared(pool, () => true);

function prepared(pool: Pool, mayStay: (name: string) => boolean): Promise<string> {
  return inTransaction(pool, async (client) => {
    await alone(client);
    const isWithoutOutbox = await lacksOutbox(client);
    await makeShared(client);
    const name = await liveModel(client);
    if (name !== null && mayStay(name)) {
      if (isWithoutOutbox) await client.query(markAll(name));
      return name;
    }
    await client.query(`update linernotes.read_models set state = 'retired' where state = 'live'`);
    const fresh = await freeName(client);
    await createReadModel(client, fresh, 'live');
    await showReadModel(client, fresh);
    return fresh;
  });
}

async function lacksOutbox(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ so: boolean }>(`select to_regclass('linernotes.latest_outbox') is null as so`);
  return rows[0]?.so === true;
}

/** Rows from before there was an outbox were never published. */
const markAll = (name: string): string => `
  insert into linernotes.latest_outbox (track_id, version)
  select track_id, nextval('linernotes.latest_versions') from "${name}".tracks`;
