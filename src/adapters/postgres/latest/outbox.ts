import type { Pool } from 'pg';
import type { LatestRow, Marked, Outbox } from '#projector/latest.ts';

/**
 * Marks and rows as one moment has them: the view changes its model under a lock that this statement waits for. While a model of a new
 * layout is filled in place of the old one its rows are older than what was published, so nothing goes out; for a day at most, as the
 * log may have begun anew.
 */
const NEXT = `
  select o.track_id as "trackId", o.version, t.raw, t.appearances, t.sections, t.reports, t.summary, t.status, t.degraded,
    t.first_seen_at as "firstSeenAt", t.complete_at as "completeAt", t.updated_at as "updatedAt"
  from linernotes.latest_outbox o left join tracks t using (track_id)
  where o.track_id > $1 collate "C" and o.refused is null and not exists (
    select from linernotes.read_models live
      join linernotes.read_models old on old.state = 'retired' and not old.kept
      join linernotes.checkpoints was on was.projection = old.name
      left join linernotes.checkpoints now on now.projection = live.name
        and now.topic = was.topic and now.partition = was.partition
    where live.state = 'live' and live.created_at > now() - interval '1 day'
      and coalesce(now.next_offset, 0) < was.next_offset)
  order by o.track_id limit $2`;

/** Locks in the order in which the projector does. */
const SETTLE = `
  delete from linernotes.latest_outbox o using (
    select m.track_id, m.version from linernotes.latest_outbox m
      join unnest($1::text[], $2::bigint[]) as p (track_id, version) on m.track_id = p.track_id and m.version = p.version
    order by m.track_id for update of m) locked
  where o.track_id = locked.track_id and o.version = locked.version`;

const REFUSE = 'update linernotes.latest_outbox set refused = $3 where track_id = $1 and version = $2';

const STANDING = `
  select count(*) filter (where refused is null) as waiting, count(*) filter (where refused is not null) as refused,
    coalesce(extract(epoch from now() - min(since) filter (where refused is null)), 0)::float8 as "oldestSeconds"
  from linernotes.latest_outbox`;

type Selected = Omit<LatestRow, 'firstSeenAt' | 'completeAt' | 'updatedAt'> & {
  readonly version: number;
  readonly firstSeenAt: string | null;
  readonly completeAt: string | null;
  readonly updatedAt: string;
};

const at = (moment: string): number => Date.parse(moment);

/** A track without a row has no moment at which it was first seen. */
function markedOf({ version, firstSeenAt, completeAt, updatedAt, ...row }: Selected): Marked {
  const { trackId } = row;
  if (firstSeenAt === null) return { trackId, version, row: null };
  const moments = { firstSeenAt: at(firstSeenAt), completeAt: completeAt === null ? null : at(completeAt) };
  return { trackId, version, row: { ...row, ...moments, updatedAt: at(updatedAt) } };
}

/** The marks in Postgres. */
export const postgresOutbox = (pool: Pool): Outbox => ({
  next: async (after, max) => (await pool.query<Selected>(NEXT, [after, max])).rows.map(markedOf),
  settle: async (published) => {
    if (published.length === 0) return;
    await pool.query(SETTLE, [published.map(({ trackId }) => trackId), published.map(({ version }) => version)]);
  },
  refuse: async ({ trackId, version }, { code, message }) => {
    await pool.query(REFUSE, [trackId, version, `${code}: ${message}`]);
  },
});

/** Changes that are not published yet, for how long the oldest has waited, and rows that can be no value of the topic. */
export type OutboxStanding = { readonly waiting: number; readonly refused: number; readonly oldestSeconds: number };

export async function outboxStanding(pool: Pool): Promise<OutboxStanding> {
  const { rows } = await pool.query<OutboxStanding>(STANDING);
  return rows[0] ?? { waiting: 0, refused: 0, oldestSeconds: 0 };
}
