import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Connections } from '#app/connect.ts';
import type { LogReader } from '#stream/ports.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

/** Whether the read model knows all that was done, or why it cannot be waited for. */
export type Applied = { readonly applied: true } | { readonly applied: false; readonly message: string };

const POLL_MS = 100;

/** A projector that starts gets its partitions within a session timeout. */
const PATIENCE_MS = 30_000;

const NEXT = `
  select c.next_offset as next from linernotes.checkpoints c join linernotes.read_models m on m.name = c.projection
  where m.state = 'live' and c.topic = $1 and c.partition = 0`;

async function nextOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ next: number | null }>(NEXT, [OPERATIONS_TOPIC]);
  return rows[0]?.next ?? 0;
}

/** The last operation that stands at or after this offset, as the log is now; `null`: there is none. Ends of transactions take up offsets too. */
async function lastFrom(reader: LogReader, offset: number): Promise<number | null> {
  let last: number | null = null;
  for await (const record of reader.read([{ topic: OPERATIONS_TOPIC, partition: 0, offset }])) last = record.offset;
  return last;
}

/**
 * Waits until the projector has applied every operation that stands in the log now, so that what the read model says of them is
 * whole. Whoever acts on that state asks this first.
 * @param patienceMs how long the projector may stand still before it counts as gone
 * @returns `applied: false` with what to do, when the projector does not get there or the caller gives up
 * @throws when broker or database are lost
 */
export async function operationsApplied(
  { pool, broker }: Pick<Connections, 'pool'> & { readonly broker: Pick<Connections['broker'], 'reader'> },
  { patienceMs = PATIENCE_MS, signal }: { readonly patienceMs?: number; readonly signal?: AbortSignal } = {},
): Promise<Applied> {
  let next = await nextOf(pool);
  const last = await lastFrom(broker.reader, next);
  if (last === null) return { applied: true };
  let movedAt = performance.now();
  while (next <= last) {
    if (signal?.aborted === true) return { applied: false, message: 'Stopped before the projector was there.' };
    if (performance.now() - movedAt > patienceMs) return { applied: false, message: stuck(next, last, patienceMs) };
    await sleep(POLL_MS);
    const now = await nextOf(pool);
    if (now > next) movedAt = performance.now();
    next = now;
  }
  return { applied: true };
}

const stuck = (next: number, last: number, patienceMs: number): string =>
  `The projector has applied ${OPERATIONS_TOPIC} up to offset ${next} of ${last + 1} and has not moved for ${patienceMs / 1000} s: what was done before is not known for certain. Start it: linernotes run projector.`;
