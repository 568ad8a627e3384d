import type { Pool } from 'pg';
import type { Budget } from '#providers/budget.ts';
import type { EndpointPause } from '#providers/endpoint-limits.ts';
import { reaching } from './lost.ts';

/** How far ahead slots are given away. Short: what a process that dies holds is lost, and a pause comes too late for it. */
const AHEAD_MS = 100;
/** Replays may take their share a little before live requests come back for the next slot. */
const REPLAY_AHEAD_MS = 200;
/** A live request that does not come back for so long after its time waits no more. */
const GRACE_MS = 250;
/** Live slots for each that replays get while live requests wait: 5 % of all. */
const LIVE_FOR_A_REPLAY = 19;

/**
 * GCRA for several slots at once. `due` is when the next slot is due if all are taken evenly; `early` is how far ahead of that a
 * burst may run. The i-th slot is at greatest(now, due + i * step - early); those within `ahead` are given away.
 */
const TAKE = `
  with held as (
    select *, extract(epoch from clock_timestamp())::float8 * 1000 as now,
      1000 / coalesce(case when (learned ->> 'base')::float8 = $4 then (learned ->> 'perSecond')::float8 end, $4::float8) as step
    from linernotes.governor where account = $1 for update
  ), ruled as (
    select *, greatest(due, now) as first, step * ($5::float8 - 1) as early,
      coalesce(paused_until > clock_timestamp(), false) as paused,
      not $3::boolean and live_waits_until > now as behind_live
    from held
  ), allowed as (
    select *, case when behind_live then ${REPLAY_AHEAD_MS} else ${AHEAD_MS} end as ahead,
      case when paused then 0 when behind_live then least($2::int, floor(replay_credit)) else $2::int end as most
    from ruled
  ), counted as (
    select *, greatest(0, least(most, floor((now + ahead + early - first) / step) + 1)) as granted from allowed
  ), given as (
    select *, case
      when behind_live and granted = most
        then least(1000, live_waits_until - now, greatest(step, (1 - replay_credit + granted) * ${LIVE_FOR_A_REPLAY} * step))
      else greatest(0, first + granted * step - early - now - ahead) end as again
    from counted
  )
  update linernotes.governor g set
    due = case when granted > 0 then first + granted * step else g.due end,
    replay_credit = case
      when $3::boolean then least(g.replay_credit + granted / ${LIVE_FOR_A_REPLAY}, greatest(1, 50 / step))
      when behind_live then g.replay_credit - granted
      else g.replay_credit end,
    replay_calls = g.replay_calls + case when $3::boolean then 0 else granted end,
    live_waits_until = case
      when $3::boolean and granted < $2::int and not paused then now + again + ${GRACE_MS}
      else g.live_waits_until end
  from given where g.account = given.account
  returning granted::int as granted, first - early - now as wait, step, again, paused,
    round(extract(epoch from g.paused_until) * 1000)::bigint as "pausedUntil", g.pause_reason as reason, g.endpoints`;

const SHIFT = `
  update linernotes.governor
  set due = greatest(due, extract(epoch from clock_timestamp())::float8 * 1000) + $2::float8 where account = $1`;

/** Moves all slots that are not given yet: a call was written so much too late that those after it would come too close to it. */
export async function shiftSlots(pool: Pool, account: string, ms: number): Promise<void> {
  await pool.query(SHIFT, [account, ms]);
}

const OPEN = 'insert into linernotes.governor (account) values ($1) on conflict do nothing';

type EndpointPauses = Readonly<Record<string, EndpointPause>>;

type Row = {
  readonly granted: number;
  readonly wait: number;
  readonly step: number;
  readonly again: number;
  readonly paused: boolean;
  readonly pausedUntil: number | null;
  readonly reason: string | null;
  readonly endpoints: EndpointPauses;
};

/** Slots as distances from the statement, in milliseconds, and when it is worth asking for more; or the pause that is on. */
export type Taken =
  | {
      readonly kind: 'slots';
      readonly inMs: readonly number[];
      readonly againInMs: number;
      /** Those that are left alone, also by word of other processes. */
      readonly endpoints: EndpointPauses;
    }
  | { readonly kind: 'paused'; readonly until: number; readonly reason: string };

export type Wanted = { readonly account: string; readonly lane: 'live' | 'replay'; readonly count: number };

/** Takes up to so many slots of an account, one statement for all. Other processes never get the same. */
export async function takeSlots(pool: Pool, { account, lane, count }: Wanted, budget: Budget): Promise<Taken> {
  const values = [account, count, lane === 'live', budget.perSecond, budget.burst];
  const { rows } = await reaching(() => pool.query<Row>({ name: 'governor-take', text: TAKE, values }));
  const [row] = rows;
  if (row === undefined) {
    await reaching(() => pool.query(OPEN, [account]));
    return { kind: 'slots', inMs: [], againInMs: 0, endpoints: {} };
  }
  if (row.paused) return { kind: 'paused', until: row.pausedUntil ?? 0, reason: row.reason ?? '' };
  const inMs = Array.from({ length: row.granted }, (_, i) => Math.max(0, row.wait + i * row.step));
  return { kind: 'slots', inMs, againInMs: row.again, endpoints: row.endpoints };
}
