import type { Pool } from 'pg';
import type { StageStanding } from '#feed/ports.ts';

const STANDING = `
  select stage, state, reason, since from (
    select stage, 'halted' as state, reason, since from linernotes.stage_halts
    union all select stage, 'bypassed', code || ': ' || message, since from linernotes.stage_bypasses
    union all select stage, 'paused', reason, since from linernotes.stage_pauses
  ) standing order by since, stage, state`;

/** Stages that do not work as ever, the longest first. */
export async function readStanding(pool: Pool): Promise<readonly StageStanding[]> {
  const { rows } = await pool.query<Omit<StageStanding, 'since'> & { readonly since: Date | string }>(STANDING);
  return rows.map((row) => ({ ...row, since: new Date(row.since).toISOString() }));
}
