import type { Pool } from 'pg';
import type { HaltStore } from '#stream/ports.ts';

const BEGIN = `
  insert into linernotes.stage_halts (stage, reason, since) values ($1, $2, to_timestamp($3::float8 / 1000))
  on conflict (stage) do nothing`;

const CURRENT = `
  select reason, round(extract(epoch from since) * 1000)::bigint as since from linernotes.stage_halts where stage = $1`;

const COUNT = `
  with counted as (select $2::bigint as more, array(select $2::bigint - back from unnest($3::bigint[]) as back) as lost)
  insert into linernotes.stage_losses as l (stage, records, losses) select $1, more, lost from counted
  on conflict (stage) do update set
    records = l.records + excluded.records,
    losses = array(
      select number from unnest(l.losses || array(select l.records + lost from unnest(excluded.losses) as lost)) as number
      where number > l.records + excluded.records - $4::bigint
    )
  returning (select count(*) from unnest(l.losses) as number where number > l.records - $4::bigint)::int as lost`;

type Halted = { readonly since: number; readonly reason: string };

/** Halts, and what an operator lifts them with. */
export function postgresHalts(pool: Pool): HaltStore & { lift(stage: string): Promise<Halted | null> } {
  const current = async (stage: string): Promise<Halted | null> => {
    const { rows } = await pool.query<Halted>(CURRENT, [stage]);
    return rows[0] ?? null;
  };
  return {
    current,
    async begin(stage, reason, now) {
      await pool.query(BEGIN, [stage, reason, now]);
    },
    async count(stage, records, lost, of) {
      const { rows } = await pool.query<{ lost: number }>({
        name: 'halts-count',
        text: COUNT,
        values: [stage, records, lost, of],
      });
      return rows[0]?.lost ?? 0;
    },
    /** @returns the halt that was lifted; `null` when there was none */
    async lift(stage) {
      const halt = await current(stage);
      await pool.query('delete from linernotes.stage_losses where stage = $1', [stage]);
      await pool.query('delete from linernotes.stage_halts where stage = $1', [stage]);
      return halt;
    },
  };
}
