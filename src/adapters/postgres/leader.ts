import type { Pool, PoolClient } from 'pg';

/** Work that one process at a time may do. */
export type Lead = {
  /** Whether it is ours, now; tries to get it when it is not. */
  mine(): Promise<boolean>;
  /** Lets go of it. */
  close(): Promise<void>;
};

/** Whether anybody has it. */
const HELD = `
  select exists (select from pg_locks where locktype = 'advisory' and classid = 0 and objid = $1 and objsubid = 1 and granted) as held`;

/**
 * Leads by a lock that lives as long as one connection: a process that dies, or loses the database, has let go of it. For a moment
 * two may believe to lead (one has not noticed yet), so what a leader does is fenced elsewhere.
 * @param key any number below 2³¹ that nobody else uses
 */
export function leader(pool: Pool, key: number): Lead {
  let holding: PoolClient | null = null;

  const lost = (): void => {
    const client = holding;
    holding = null;
    client?.release(true);
  };

  const tryTo = async (): Promise<boolean> => {
    const client = await pool.connect();
    try {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [key]);
      if (rows[0]?.got !== true) {
        client.release();
        return false;
      }
      holding = client;
      client.once('error', lost);
      return true;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };

  return {
    mine: async () => {
      if (holding === null) return tryTo();
      try {
        await holding.query('select 1');
        return true;
      } catch {
        lost();
        return false;
      }
    },
    // Ending the connection lets go of the lock, whatever state it is in.
    close: async () => lost(),
  };
}

export async function isLed(pool: Pool, key: number): Promise<boolean> {
  const { rows } = await pool.query<{ held: boolean }>(HELD, [key]);
  return rows[0]?.held === true;
}
