import type { PoolClient } from 'pg';
import type { FeedEntry } from '#projector/feed-entry.ts';

/** Any number, as long as nobody else uses it: holders of this lock commit one after the other. */
const FEED = 7_305_002;

/** The channel on which the newest sequence number is announced. */
export const FEED_CHANNEL = 'linernotes_feed';

const PUBLISH = `
  with added as (
    insert into linernotes.feed (type, body)
    select e.entry ->> 'type', e.entry -> 'body' from jsonb_array_elements($1::jsonb) with ordinality as e(entry, n) order by e.n
    returning seq)
  select pg_notify('${FEED_CHANNEL}', max(seq)::text) from added`;

/**
 * Appends to the feed. The lock is held until the commit, so a reader who has seen an entry has seen all before it.
 * The announcement goes out with the commit, or not at all.
 */
export async function publish(client: PoolClient, entries: readonly FeedEntry[]): Promise<void> {
  await client.query({ name: 'lock-feed', text: 'select pg_advisory_xact_lock($1)', values: [FEED] });
  await client.query({ name: 'publish', text: PUBLISH, values: [JSON.stringify(entries)] });
}
