import type { Pool } from 'pg';
import type { Contract, Mismatch } from '#providers/contract.ts';

/** Counts of a day, kept this long. */
const KEPT_DAYS = 30;

const ADD = `
  insert into linernotes.contract as c (day, provider, kind, field, count, problem, sample, last_at)
  select current_date, * , now() from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
    as e (provider, kind, field, count, problem, sample)
  order by 2, 3, 4
  on conflict (day, provider, kind, field) do update
  set count = c.count + excluded.count, last_at = excluded.last_at,
    problem = coalesce(excluded.problem, c.problem), sample = coalesce(nullif(excluded.sample, ''), c.sample)`;

const PRUNE = `delete from linernotes.contract where day < current_date - ${KEPT_DAYS}`;

const RECENT = `
  select m.provider, m.kind, m.field, sum(m.count)::float8 as mismatches, max(m.last_at) as "lastAt",
    (array_agg(m.problem order by m.day desc))[1] as problem, (array_agg(m.sample order by m.day desc))[1] as sample,
    (select coalesce(sum(a.count), 0)::float8 from linernotes.contract a
     where a.provider = m.provider and a.kind = m.kind and a.field = '' and a.day >= current_date - 1) as answers
  from linernotes.contract m
  where m.field <> '' and m.day >= current_date - 1
  group by 1, 2, 3 order by 4 desc, 1, 2, 3`;

/** A field that was not as agreed, today or yesterday: how often, in how many answers, and what such an answer looked like. */
export type Drift = {
  readonly provider: string;
  readonly kind: string;
  readonly field: string;
  readonly mismatches: number;
  readonly answers: number;
  readonly problem: string;
  readonly sample: string;
  readonly lastAt: string;
};

export const recentDrift = async (pool: Pool): Promise<readonly Drift[]> => (await pool.query<Drift>(RECENT)).rows;

type Count = { readonly provider: string; readonly kind: string; readonly field: string } & {
  count: number;
  latest: Mismatch | null;
};

/** A watch whose counts are gathered here and written by `flush`, so that no answer waits for it. */
export type GatheredContract = Contract & {
  /** Writes what was counted since the last time. What cannot be written is counted again the next time. */
  readonly flush: () => Promise<void>;
};

export function postgresContract(pool: Pool): GatheredContract {
  let counts = new Map<string, Count>();
  let pruned = false;

  const add = (provider: string, kind: string, field: string, count: number, latest: Mismatch | null): void => {
    const key = `${provider}\n${kind}\n${field}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { provider, kind, field, count, latest });
    else {
      known.count += count;
      known.latest = latest ?? known.latest;
    }
  };

  return {
    checked: (provider, kind, answers) => add(provider, kind, '', answers, null),
    mismatched: (mismatch) => add(mismatch.provider, mismatch.kind, mismatch.field, 1, mismatch),
    flush: async () => {
      const rows = [...counts.values()];
      if (rows.length === 0) return;
      counts = new Map();
      const columns = [
        rows.map(({ provider }) => provider),
        rows.map(({ kind }) => kind),
        rows.map(({ field }) => field),
        rows.map(({ count }) => count),
        rows.map(({ latest }) => latest?.problem ?? null),
        rows.map(({ latest }) => latest?.sample.replaceAll('\0', '') ?? null),
      ];
      try {
        await pool.query(ADD, columns);
        if (!pruned) await pool.query(PRUNE);
        pruned = true;
      } catch (error) {
        for (const { provider, kind, field, count, latest } of rows) add(provider, kind, field, count, latest);
        throw error;
      }
    },
  };
}
