import { DatabaseError, type Pool, type PoolClient } from 'pg';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
const ATTEMPTS = 5;

const mayPass = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK);

/**
 * Runs `work` in one transaction and commits it. A throw rolls back and is thrown on; serialization failures and deadlocks are
 * tried anew, so `work` may run several times. A lost connection throws.
 * @param opening further statements sent along with `begin`
 */
export async function inTransaction<Value>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Value>,
  opening = '',
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(pool, work, opening);
    } catch (error) {
      if (!mayPass(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function once<Value>(pool: Pool, work: (client: PoolClient) => Promise<Value>, opening: string): Promise<Value> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`begin;${opening}`);
    const value = await work(client);
    await client.query('commit');
    return value;
  } catch (error) {
    broken = await rolledBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** A connection that cannot even roll back is of no use any more. */
async function rolledBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
