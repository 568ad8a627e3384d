import type { Pool } from 'pg';
import { looking } from './looking.ts';

/** After a rebuild of the read model positions are the same, so what was read before need not be read again. */
const CANCELLED = `
  select target as "runId", position from operations where kind = 'cancel' and position > $1 order by position`;

/**
 * Follows which runs are cancelled, as the projector learns it from `linernotes.operations`.
 * @param cancelled told of each such run, once
 * @returns when all that are known now were told; `close` ends it
 * @throws when the database cannot be reached at the beginning; later it is looked again
 */
export function followCancelledRuns(
  pool: Pool,
  cancelled: (runId: string) => void,
): Promise<{ close(): Promise<void> }> {
  let position = -1;

  const look = async (): Promise<void> => {
    const { rows } = await pool.query<{ runId: string; position: number }>(CANCELLED, [position]);
    for (const row of rows) {
      cancelled(row.runId);
      position = row.position;
    }
  };

  return looking(look);
}
