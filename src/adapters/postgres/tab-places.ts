import type { Pool } from 'pg';
import { reaching } from './lost.ts';

/**
 * Of the free places those that nobody asked for before us. The key of the table decides between processes that see the same one free;
 * what each sees of the others' turns may be a moment old, so turns are only nearly in the order of asking.
 */
const TAKE = `
  with held as (
    select place from linernotes.tab_places where account = $1 and lapses_at > clock_timestamp()
  ), asking as (
    select clock_timestamp() - $4::float8 * interval '1 ms' as since
  ), before as (
    select coalesce(sum(w.wanted), 0)::int as wanted from linernotes.tab_waits w, asking
    where w.account = $1 and w.owner <> $2 and w.lapses_at > clock_timestamp()
      and ((w.live and not $3::boolean) or (w.live = $3::boolean and w.since < asking.since))
  ), free as (
    select place from generate_series(1, $6::int) as place where place not in (select place from held) order by place
    limit greatest(0, least($5::int, $6::int - (select count(*) from held) - (select wanted from before)))
  ), taken as (
    insert into linernotes.tab_places as p (account, place, holder, lapses_at)
    select $1, place, $7, clock_timestamp() + $8::float8 * interval '1 ms' from free
    on conflict (account, place) do update set holder = excluded.holder, lapses_at = excluded.lapses_at
    where p.lapses_at <= clock_timestamp()
    returning place
  ), waits as (
    insert into linernotes.tab_waits (account, owner, live, since, wanted, lapses_at)
    select $1, $2, $3, since, $5::int - (select count(*) from taken), clock_timestamp() + $9::float8 * interval '1 ms' from asking
    on conflict (account, owner, live) do update
    set since = excluded.since, wanted = excluded.wanted, lapses_at = excluded.lapses_at
  )
  select array(select place from taken) as places`;

/** Locked in the order of the key first, so that nobody waits in a ring. */
const RENEW = `
  with mine as (
    select account, place from linernotes.tab_places
    where account = $1 and (place, holder) in (select * from unnest($2::int[], $3::text[])) order by place for update
  )
  update linernotes.tab_places p set lapses_at = clock_timestamp() + $4::float8 * interval '1 ms'
  from mine m where p.account = m.account and p.place = m.place returning p.place, p.holder`;

const LEAVE = 'delete from linernotes.tab_places where account = $1 and place = $2 and holder = $3';

/** Leftovers of processes that have ended; each has at most two. */
const FORGET = `
  delete from linernotes.tab_waits where (account, owner, live) in (
    select account, owner, live from linernotes.tab_waits
    where lapses_at < clock_timestamp() - interval '1 minute' for update skip locked
  )`;

export type Wanted = {
  /** The process that waits. */
  readonly owner: string;
  readonly lane: 'live' | 'replay';
  readonly count: number;
  /** How long the first has waited, in milliseconds. */
  readonly forMs: number;
  /** For how long others stand back for what we do not get. */
  readonly turnMs: number;
  /** Names what is taken now; used once. */
  readonly holder: string;
};

/** A place by its number, and who holds it. */
export type Hold = { readonly place: number; readonly holder: string };

/** The table of places of one account. Methods reject with `infrastructureLost` when the database cannot be reached. */
export type PlaceTable = {
  /** @returns the numbers of the places that are ours now */
  take(wanted: Wanted): Promise<readonly number[]>;
  /** @returns those that are still ours, from now on for another lease */
  renew(holds: readonly Hold[]): Promise<readonly Hold[]>;
  leave(hold: Hold): Promise<void>;
  forgetTheDead(): Promise<void>;
};

/** @param tabs numbers of places go from 1 to this */
export function placeTable(pool: Pool, account: string, tabs: number, leaseMs: number): PlaceTable {
  return {
    take: async ({ owner, lane, count, forMs, turnMs, holder }) => {
      const values = [account, owner, lane === 'live', forMs, count, tabs, holder, leaseMs, turnMs];
      const query = { name: 'places-take', text: TAKE, values };
      const { rows } = await reaching(() => pool.query<{ places: number[] }>(query));
      return rows[0]?.places ?? [];
    },
    renew: async (holds) => {
      const values = [account, holds.map(({ place }) => place), holds.map(({ holder }) => holder), leaseMs];
      const { rows } = await reaching(() => pool.query<Hold>({ name: 'places-renew', text: RENEW, values }));
      return rows;
    },
    leave: async ({ place, holder }) => {
      await reaching(() => pool.query({ name: 'places-leave', text: LEAVE, values: [account, place, holder] }));
    },
    forgetTheDead: async () => {
      await reaching(() => pool.query(FORGET));
    },
  };
}
