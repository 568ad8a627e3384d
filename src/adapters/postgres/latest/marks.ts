import type { PoolClient } from 'pg';

const MARK = `
  insert into linernotes.latest_outbox as o (track_id, version)
  select id, nextval('linernotes.latest_versions') from unnest($1::text[]) id order by id collate "C"
  on conflict (track_id) do update set version = excluded.version, refused = null`;

/** Marks rows that this transaction changes, in the order in which all transactions lock. */
export async function markLatest(client: PoolClient, trackIds: readonly string[]): Promise<void> {
  if (trackIds.length === 0) return;
  await client.query({ name: 'mark-latest', text: MARK, values: [trackIds] });
}
