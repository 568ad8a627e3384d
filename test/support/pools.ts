import type { Pool } from 'pg';
import { openPool } from '#adapters/postgres/pool.ts';
import { prepareDatabase } from '#adapters/postgres/prepare.ts';
import { freshDatabase } from './database.ts';

/** A prepared database that nobody else uses, and any number of pools on it: each stands for a process. */
export type PreparedPools = {
  readonly url: string;
  open(): Pool;
  /** Ends all pools and deletes the database. */
  close(): Promise<void>;
};

export const preparedPools = async (): Promise<PreparedPools> => {
  const database = await freshDatabase();
  const pools: Pool[] = [];
  const open = (): Pool => {
    const pool = openPool({ url: database.url, max: 4, name: 'test', onLost: () => undefined });
    pools.push(pool);
    return pool;
  };
  await prepareDatabase(open());
  return {
    url: database.url,
    open,
    close: async () => {
      await Promise.all(pools.map((pool) => (pool.ending ? undefined : pool.end())));
      await database.drop();
    },
  };
};
