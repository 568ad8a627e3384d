import { DatabaseError } from 'pg';
import { infrastructureLost } from '#stream/lost.ts';

/**
 * SQLSTATE classes of a database that is there no more, for a while or for us: connection (08), resources such as disk and
 * connections (53), operator intervention such as a shutdown (57P), system error (58).
 */
const GONE = /^(08|53|57P|58)/;

/** Whether the database cannot be used. Everything that it did not say itself is trouble on the way to it. */
const isGone = (error: unknown): boolean => !(error instanceof DatabaseError) || GONE.test(error.code ?? '');

/**
 * Runs statements of a client that works inside a handler.
 * @throws infrastructureLost when the database cannot be reached, so that the engine ends instead of blaming a record
 */
export async function reaching<Value>(statements: () => Promise<Value>): Promise<Value> {
  try {
    return await statements();
  } catch (error) {
    throw isGone(error) ? infrastructureLost('postgres', error) : error;
  }
}
