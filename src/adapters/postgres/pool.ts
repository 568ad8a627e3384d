import { Pool, types } from 'pg';

/** What pg hands over as text and we want as a plain value. Set per pool, never globally. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [types.builtins.INT8]: wholeNumber,
  [types.builtins.TIMESTAMPTZ]: (text) => new Date(text).toISOString(),
};

/** Counts stay far below 2⁵³; one that does not is a bug that must not pass as a rounded number. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${text} does not fit a number.`);
  return value;
}

export type PoolSettings = {
  readonly url: string;
  readonly max: number;
  /** Shown in `pg_stat_activity`. */
  readonly name: string;
  /** Told of every connection that breaks; one that is in use also throws where it is used. */
  readonly onLost: (error: Error) => void;
};

/** Connections to one database: bigint comes as a number, timestamps as ISO text, jsonb as plain values. */
export function openPool({ url, max, name, onLost }: PoolSettings): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    application_name: name,
    // A database that is gone refuses at once; one that is busy may take its time, and ends no worker.
    connectionTimeoutMillis: 30_000,
    types: {
      getTypeParser: (oid, format) => parsers[oid] ?? types.getTypeParser(oid, format),
    },
  });
  // Without these two a broken connection ends the process: the pool listens to a client only while it is idle.
  pool.on('connect', (client) => client.on('error', onLost));
  pool.on('error', () => undefined);
  return pool;
}
