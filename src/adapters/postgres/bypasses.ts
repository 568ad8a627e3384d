import type { Pool } from 'pg';
import { type FailureCode, failure } from '#stream/failure.ts';
import type { BypassStore } from '#stream/ports.ts';

/** The no-op update makes `returning` give the row that is there already, also one that another process just made. */
const BEGIN = `
  insert into linernotes.stage_bypasses as b (stage, code, message, since)
  values ($1, $2, $3, to_timestamp($4::float8 / 1000))
  on conflict (stage) do update set stage = b.stage
  returning round(extract(epoch from since) * 1000)::bigint as since`;

const CURRENT = `
  select code, message, round(extract(epoch from since) * 1000)::bigint as since
  from linernotes.stage_bypasses where stage = $1`;

type Row = { readonly since: number; readonly code: FailureCode; readonly message: string };

export function postgresBypasses(pool: Pool): BypassStore {
  return {
    async begin(stage, { code, message }, now) {
      const { rows } = await pool.query<Pick<Row, 'since'>>(BEGIN, [stage, code, message, now]);
      return rows[0]?.since ?? now;
    },
    async current(stage) {
      const { rows } = await pool.query<Row>(CURRENT, [stage]);
      const [row] = rows;
      return row === undefined ? null : { since: row.since, cause: failure(row.code, row.message) };
    },
    async end(stage) {
      await pool.query('delete from linernotes.stage_bypasses where stage = $1', [stage]);
    },
  };
}
