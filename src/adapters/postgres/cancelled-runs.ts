import { setTimeout as elapsed } from 'node:timers/promises';
import type { Pool } from 'pg';

/** After a rebuild of the read model positions are the same, so what was read before need not be read again. */
const CANCELLED = `
  select target as "runId", position from operations where kind = 'cancel' and position > $1 order by position`;

const LOOK_MS = 1_000;

/**
 * Follows which runs are cancelled, as the projector learns it from `linernotes.operations`.
 * @param cancelled told of each such run, once
 * @returns when all that are known now were told; `close` ends it
 * @throws when the database cannot be reached at the beginning; later it is looked again
 */
export async function followCancelledRuns(
  pool: Pool,
  cancelled: (runId: string) => void,
): Promise<{ close(): Promise<void> }> {
  const over = new AbortController();
  let position = -1;

  const look = async (): Promise<void> => {
    const { rows } = await pool.query<{ runId: string; position: number }>(CANCELLED, [position]);
    for (const row of rows) {
      cancelled(row.runId);
      position = row.position;
    }
  };

  const follow = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await elapsed(LOOK_MS, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
      await look().catch(() => undefined);
    }
  };

  await look();
  const following = follow();
  return {
    close: async () => {
      over.abort();
      await following;
    },
  };
}
