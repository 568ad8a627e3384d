import type { Pool } from 'pg';
import { asProperties, OPERATIONS } from '#adapters/postgres/projection/columns.ts';
import type { AskedKey, TimelineCall } from '#feed/timeline-ports.ts';
import type { OperationRow } from '#projector/operation-row.ts';

const CALLS = `
  select l.provider, l.kind, l.key, l.outcome, l.fetched_at as at from linernotes.ledger l
  join unnest($1::text[], $2::text[], $3::text[]) as k (provider, kind, key) using (provider, kind, key)
  order by l.fetched_at, l.provider, l.kind, l.key`;

const DONE = `
  select ${asProperties(Object.keys(OPERATIONS), 'o')} from operations o where o.target = any($1::text[]) order by o.position`;

/** The last answer under each of these keys that has one, the oldest first. */
export async function readCalls(pool: Pool, keys: readonly AskedKey[]): Promise<readonly TimelineCall[]> {
  const columns = [keys.map((one) => one.provider), keys.map((one) => one.kind), keys.map((one) => one.key)];
  return (await pool.query<TimelineCall>(CALLS, columns)).rows;
}

/** How a replay was ordered and planned can be long, and stands in its own status. */
const withoutOrder = ({
  details: { order: _, plan: __, calls: ___, ...details },
  ...row
}: OperationRow): OperationRow => ({
  ...row,
  details,
});

/** What was done to any of these: tracks, letters, runs, replays; in the order in which it was done. */
export const readDone = async (pool: Pool, targets: readonly string[]): Promise<readonly OperationRow[]> =>
  (await pool.query<OperationRow>(DONE, [targets])).rows.map(withoutOrder);
