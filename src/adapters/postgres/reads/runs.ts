import type { Pool } from 'pg';
import { runRow, SELECT_RUNS, type SelectedRun } from '#adapters/postgres/projection/run-rows.ts';
import type { ListQuery, Page } from '#feed/ports.ts';
import type { RunRow } from '#projector/run-row.ts';
import { conditions, pageOf } from './page.ts';

/** Runs, the latest begun first. */
export async function readRuns(pool: Pool, { after, limit }: ListQuery): Promise<Page<RunRow>> {
  const filter = conditions();
  filter.whereAfter(after, 't.first_at', 't.run_id');
  const most = filter.place(limit + 1);
  const { rows } = await pool.query<SelectedRun>(
    `${SELECT_RUNS} ${filter.text()} order by t.first_at desc, t.run_id limit ${most}`,
    filter.values,
  );
  return pageOf(rows.map(runRow), limit, ({ firstAt, runId }) => ({ at: firstAt, id: runId }));
}

export async function readRun(pool: Pool, runId: string): Promise<RunRow | null> {
  const { rows } = await pool.query<SelectedRun>(`${SELECT_RUNS} where t.run_id = $1`, [runId]);
  return rows[0] === undefined ? null : runRow(rows[0]);
}
