import type { Pool } from 'pg';
import { reaching } from './lost.ts';

const PAUSE = `
  insert into linernotes.governor as g (account, paused_until, pause_reason)
  values ($1, to_timestamp($2::float8 / 1000), $3)
  on conflict (account) do update set paused_until = excluded.paused_until, pause_reason = excluded.pause_reason
  where g.paused_until is null or g.paused_until < excluded.paused_until`;

/** What is over is dropped on the way, so that there are never more than the provider has endpoints. */
const PAUSE_ENDPOINT = `
  insert into linernotes.governor as g (account, endpoints)
  values ($1, jsonb_build_object($4::text, jsonb_build_object('until', $2::float8, 'reason', $3::text)))
  on conflict (account) do update set endpoints = coalesce((
      select jsonb_object_agg(key, value) from jsonb_each(g.endpoints)
      where (value ->> 'until')::float8 > extract(epoch from clock_timestamp()) * 1000
    ), '{}') || excluded.endpoints
  where coalesce((g.endpoints -> $4 ->> 'until')::float8, 0) < $2::float8`;

const PAUSED = `
  select round(extract(epoch from paused_until) * 1000)::bigint as until, pause_reason as reason
  from linernotes.governor where account = $1 and paused_until > clock_timestamp()`;

/** Until when nobody calls, in milliseconds since the epoch, and why. */
export type Pause = { readonly until: number; readonly reason: string };

/** Of the account, or of one endpoint of it. A later moment wins over an earlier one. */
export async function keepPause(
  pool: Pool,
  account: string,
  { until, reason }: Pause,
  endpoint: string | null,
): Promise<void> {
  await reaching(() =>
    endpoint === null
      ? pool.query(PAUSE, [account, until, reason])
      : pool.query(PAUSE_ENDPOINT, [account, until, reason, endpoint]),
  );
}

/** The account's pause that is on, or `null`. */
export async function currentPause(pool: Pool, account: string): Promise<Pause | null> {
  const { rows } = await reaching(() => pool.query<Pause>(PAUSED, [account]));
  return rows[0] ?? null;
}
