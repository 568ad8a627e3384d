import type { Pool } from 'pg';
import type { Budget } from '#providers/budget.ts';
import type { EndpointPause } from '#providers/endpoint-limits.ts';
import { reaching } from './lost.ts';

/** As many slots as one statement may take; at most a hundredth of a second is lost between two. */
export const MOST_AT_ONCE = 1_000;

/** How far ahead slots are given away. Short: what a process that dies holds is lost, and a pause comes too late for it. */
const AHEAD_MS = 100;
/** Replays may take their share a little before live requests come back for the next slot. */
const REPLAY_AHEAD_MS = 200;
/** A live request that does not come back for so long after its time waits no more. */
const GRACE_MS = 250;
/** Live slots for each that replays get while live requests wait: 5 % of all. */
const LIVE_FOR_A_REPLAY = 19;

/** More calls than the window holds are kept, so that it is still known when some of them turn out never to have been made. */
const SPARE = 8;
/** A provider that takes more calls in a window than this is not met by one that comes a little early. */
const LARGEST_WINDOW = 250;
/** How much longer than the window a call keeps its distance from one that was written late. */
const PAD_MS = 20;

/**
 * GCRA for several slots at once. `due` is when the next slot is due if all are taken evenly; `early` is how far ahead of that a
 * burst may run. The i-th slot is at greatest(now, due + i * step - early), but no sooner than the provider's window ($6 calls in $7
 * ms) allows after the calls that were made: those may have been written later than their slots. Slots within `ahead` are given away.
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
      least($6::int, case when paused then 0 when behind_live then least($2::int, floor(replay_credit)) else $2::int end) as most
    from ruled
  ), offered as (
    select *, array(
      select greatest(
        now, first + i * step - early,
        coalesce(lately[cardinality(lately) - $6::int + 1 + i], '-infinity') + $7::float8
      ) from generate_series(0, greatest(0, least(most, floor((now + ahead + early - first) / step) + 1))::int) i
    ) as offers from allowed
  ), counted as (
    select *, least(most, (select count(*) from unnest(offers) o where o <= now + ahead)) as granted from offered
  ), given as (
    select *, case
      when behind_live and granted = most
        then least(1000, live_waits_until - now, greatest(step, (1 - replay_credit + granted) * ${LIVE_FOR_A_REPLAY} * step))
      else greatest(0, coalesce(offers[granted::int + 1], now) - now - ahead) end as again
    from counted
  )
  update linernotes.governor g set
    due = case when granted > 0 then first + granted * step else g.due end,
    lately = case when granted > 0 and $8::boolean
      then (given.lately || offers[1:granted::int])[greatest(1, cardinality(given.lately) + granted::int + 1 - $6::int - ${SPARE}):]
      else g.lately end,
    replay_credit = case
      when $3::boolean then least(g.replay_credit + granted / ${LIVE_FOR_A_REPLAY}, greatest(1, 50 / step))
      when behind_live then g.replay_credit - granted
      else g.replay_credit end,
    live_waits_until = case
      when $3::boolean and granted < $2::int and not paused then now + again + ${GRACE_MS}
      else g.live_waits_until end
  from given where g.account = given.account
  returning offers[1:granted::int] as slots, now, again, step, paused,
    round(extract(epoch from g.paused_until) * 1000)::bigint as "pausedUntil", g.pause_reason as reason, g.endpoints`;

/** A slot that was given: when it is by the database's clock, and how far its statement lay before that. */
export type GivenSlot = { readonly at: number; readonly inMs: number };

/** Puts the moment in place of the slot; a slot that was not used is taken out, and the ones to come move up. */
const TELL = `
  update linernotes.governor set
    lately = array(select x from unnest(
      case when $3::float8 is null then array_remove(lately, $2::float8) else array_replace(lately, $2::float8, $3::float8) end
    ) x order by x),
    due = case when $3::float8 is null then due - $4::float8 else due end
  where account = $1 and $2::float8 = any(lately)`;

const windowOf = ({ window }: Budget): Budget['window'] =>
  window && window.calls <= LARGEST_WINDOW ? window : undefined;

/**
 * Tells what became of a slot, where its account has a window that this matters to.
 * @param lateMs how much later than the slot the call was written; `null`: it was not made
 */
export async function tellUse(
  pool: Pool,
  account: string,
  slot: GivenSlot,
  lateMs: number | null,
  budget: Budget,
): Promise<void> {
  if (windowOf(budget) === undefined) return;
  await pool.query(TELL, [account, slot.at, lateMs === null ? null : slot.at + lateMs, 1_000 / budget.perSecond]);
}

const OPEN = 'insert into linernotes.governor (account) values ($1) on conflict do nothing';

type EndpointPauses = Readonly<Record<string, EndpointPause>>;

type Row = {
  readonly slots: readonly number[];
  readonly now: number;
  readonly again: number;
  readonly paused: boolean;
  readonly pausedUntil: number | null;
  readonly reason: string | null;
  readonly endpoints: EndpointPauses;
};

/** Slots, and in how many milliseconds it is worth asking for more; or the pause that is on. */
export type Taken =
  | {
      readonly kind: 'slots';
      readonly slots: readonly GivenSlot[];
      readonly againInMs: number;
      /** Those that are left alone, also by word of other processes. */
      readonly endpoints: EndpointPauses;
    }
  | { readonly kind: 'paused'; readonly until: number; readonly reason: string };

export type Wanted = { readonly account: string; readonly lane: 'live' | 'replay'; readonly count: number };

/** Takes up to so many slots of an account, one statement for all. Other processes never get the same. */
export async function takeSlots(pool: Pool, { account, lane, count }: Wanted, budget: Budget): Promise<Taken> {
  const window = windowOf(budget);
  const most = window?.calls ?? MOST_AT_ONCE;
  const values = [
    account,
    count,
    lane === 'live',
    budget.perSecond,
    budget.burst,
    most,
    (window?.ms ?? 0) + PAD_MS,
    window !== undefined,
  ];
  const { rows } = await reaching(() => pool.query<Row>({ name: 'governor-take', text: TAKE, values }));
  const [row] = rows;
  if (row === undefined) {
    await reaching(() => pool.query(OPEN, [account]));
    return { kind: 'slots', slots: [], againInMs: 0, endpoints: {} };
  }
  if (row.paused) return { kind: 'paused', until: row.pausedUntil ?? 0, reason: row.reason ?? '' };
  const slots = row.slots.map((at) => ({ at, inMs: Math.max(0, at - row.now) }));
  return { kind: 'slots', slots, againInMs: row.again, endpoints: row.endpoints };
}
