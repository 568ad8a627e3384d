import type { Pool } from 'pg';
import type { FeedLog, FeedMessage } from '#feed/ports.ts';
import { listenOn } from './listen.ts';
import { FEED_CHANNEL } from './projection/publish.ts';

/** The newest entry is never trimmed, so an empty table means that nothing was ever committed. */
const BOUNDS = `
  select coalesce(min(seq) - 1, 0) as floor, coalesce(max(seq), 0) as head from linernotes.feed`;

const AFTER = `
  select seq as cursor, at, type, body as data from linernotes.feed where seq > $1::bigint order by seq limit $2::int`;

const TRIM = `
  delete from linernotes.feed
  where at < now() - $1::float8 * interval '1 millisecond' and seq < (select max(seq) from linernotes.feed)`;

/** The feed table, read in the order of commits. */
export function postgresFeedLog(pool: Pool): FeedLog {
  return {
    async bounds() {
      const { rows } = await pool.query<{ floor: number; head: number }>({ name: 'feed-bounds', text: BOUNDS });
      return rows[0] ?? { floor: 0, head: 0 };
    },
    async after(cursor, limit) {
      const { rows } = await pool.query<FeedMessage>({ name: 'feed-after', text: AFTER, values: [cursor, limit] });
      return rows;
    },
    listen: (moved) => listenOn(pool, FEED_CHANNEL, moved),
    async trim(olderThanMs) {
      await pool.query({ name: 'feed-trim', text: TRIM, values: [olderThanMs] });
    },
  };
}
