import type { Pool } from 'pg';
import type { PauseStore } from '#stream/ports.ts';

/** The no-op update makes `returning` give the row that is there already, also one that another process just made. */
const BEGIN = `
  insert into linernotes.stage_pauses as p (stage, reason, since) values ($1, $2, to_timestamp($3::float8 / 1000))
  on conflict (stage) do update set stage = p.stage
  returning round(extract(epoch from since) * 1000)::bigint as since`;

const CURRENT = `
  select reason, round(extract(epoch from since) * 1000)::bigint as since from linernotes.stage_pauses where stage = $1`;

export function postgresPauses(pool: Pool): PauseStore {
  return {
    async begin(stage, reason, now) {
      const { rows } = await pool.query<{ since: number }>(BEGIN, [stage, reason, now]);
      return rows[0]?.since ?? now;
    },
    async current(stage) {
      const { rows } = await pool.query<{ since: number; reason: string }>(CURRENT, [stage]);
      return rows[0] ?? null;
    },
    async end(stage) {
      await pool.query('delete from linernotes.stage_pauses where stage = $1', [stage]);
    },
  };
}
