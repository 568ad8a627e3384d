import type { Pool } from 'pg';
import type { HaltStore } from '#stream/ports.ts';

const BEGIN = `
  insert into linernotes.stage_halts (stage, reason, since) values ($1, $2, to_timestamp($3::float8 / 1000))
  on conflict (stage) do nothing`;

const CURRENT = `
  select reason, round(extract(epoch from since) * 1000)::bigint as since from linernotes.stage_halts where stage = $1`;

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
    /** @returns the halt that was lifted; `null` when there was none */
    async lift(stage) {
      const halt = await current(stage);
      await pool.query('delete from linernotes.stage_halts where stage = $1', [stage]);
      return halt;
    },
  };
}
