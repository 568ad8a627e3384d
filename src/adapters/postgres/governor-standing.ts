import type { Pool } from 'pg';

/** A provider account that does not run as configured. */
export type AccountStanding = {
  readonly account: string;
  /** Nobody calls before; `null`: calls go on. */
  readonly pausedUntil: string | null;
  readonly reason: string | null;
  /** Calls per second that refusals left, or that the provider told of; `null`: nothing was learned. */
  readonly learnedPerSecond: number | null;
  /** Endpoints that are left alone while the account's others are called. */
  readonly endpoints: readonly { readonly endpoint: string; readonly pausedUntil: string; readonly reason: string }[];
};

const ACCOUNTS = `
  select account, case when paused then paused_until end as "pausedUntil", case when paused then pause_reason end as reason,
    case when refused or told then round((learned ->> 'perSecond')::numeric, 2)::float8 end as "learnedPerSecond",
    limited as endpoints
  from (
    select *, coalesce(paused_until > clock_timestamp(), false) as paused,
      coalesce(jsonb_typeof(learned -> 'refused') = 'object', false) as refused, coalesce(learned ? 'told', false) as told,
      (select coalesce(jsonb_agg(jsonb_build_object('endpoint', key, 'pausedUntil', to_char(
          to_timestamp((value ->> 'until')::float8 / 1000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'reason', value -> 'reason') order by key), '[]')
        from jsonb_each(endpoints) where to_timestamp((value ->> 'until')::float8 / 1000) > clock_timestamp()) as limited
    from linernotes.governor
  ) g where paused or refused or told or limited <> '[]' order by account`;

/** Accounts that were told to keep silent, as a whole or at an endpoint, and those whose limit was learned. */
export async function standingAccounts(pool: Pool): Promise<readonly AccountStanding[]> {
  const { rows } = await pool.query<AccountStanding>(ACCOUNTS);
  return rows;
}
