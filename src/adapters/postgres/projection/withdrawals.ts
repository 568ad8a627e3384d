import type { PoolClient } from 'pg';
import type { Withdrawal } from '#projector/withdrawal.ts';

/** Whoever withdraws a track notes it before the projector comes to the operation; what stands first in the log counts. */
const WITHDRAW = `
  insert into linernotes.withdrawn as w (track_id, by, at, reason, position)
  select r."trackId", r.by, r.at, r.reason, r.position
  from jsonb_to_recordset($1::jsonb) as r ("trackId" text, by text, at timestamptz, reason text, position bigint)
  order by r."trackId" collate "C"
  on conflict (track_id) do update
  set by = excluded.by, at = excluded.at, reason = excluded.reason, position = excluded.position
  where w.position is null or w.position > excluded.position`;

const OF = 'select track_id as "trackId" from linernotes.withdrawn where track_id = any($1::text[])';

/** Notes withdrawals with where their operations stand. */
export async function withdraw(client: PoolClient, withdrawals: readonly Withdrawal[]): Promise<void> {
  await client.query({ name: 'withdraw', text: WITHDRAW, values: [JSON.stringify(withdrawals)] });
}

/** Those of the tracks that are withdrawn. */
export async function withdrawnOf(client: PoolClient, trackIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ trackId: string }>({ name: 'withdrawn-of', text: OF, values: [trackIds] });
  return new Set(rows.map(({ trackId }) => trackId));
}
