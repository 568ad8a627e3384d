import type { Pool } from 'pg';
import { runRow, SELECT_RUNS, type SelectedRun } from '#adapters/postgres/projection/run-rows.ts';
import { callsOfRun } from '#adapters/postgres/run-calls.ts';
import type { ListQuery, Page } from '#feed/page.ts';
import type { Cancelled, RunDetail, RunItem } from '#feed/ports.ts';
import type { RunRow } from '#projector/run-row.ts';
import { conditions, pageOf } from './page.ts';

/** Runs, the latest begun first. */
export async function readRuns(pool: Pool, { after, limit }: ListQuery): Promise<Page<RunItem>> {
  const filter = conditions();
  filter.whereAfter(after, 't.first_at', 't.run_id');
  const most = filter.place(limit + 1);
  const { rows } = await pool.query<SelectedRun>(
    `${SELECT_RUNS} ${filter.text()} order by t.first_at desc, t.run_id limit ${most}`,
    filter.values,
  );
  return pageOf(await withCancellations(pool, rows.map(runRow)), limit, ({ firstAt, runId }) => ({
    at: firstAt,
    id: runId,
  }));
}

export async function readRun(pool: Pool, runId: string): Promise<RunDetail | null> {
  const { rows } = await pool.query<SelectedRun>(`${SELECT_RUNS} where t.run_id = $1`, [runId]);
  if (rows[0] === undefined) return null;
  const [run] = await withCancellations(pool, [runRow(rows[0])]);
  return run === undefined ? null : { ...run, calls: await callsOfRun(pool, runId) };
}

/** The first cancellation counts. */
const CANCELLED = `
  select distinct on (target) target as "runId", at, by, reason from operations
  where kind = 'cancel' and target = any($1::text[]) order by target, position`;

async function withCancellations(pool: Pool, runs: readonly RunRow[]): Promise<readonly RunItem[]> {
  const { rows } = await pool.query<Cancelled & { runId: string }>(CANCELLED, [runs.map(({ runId }) => runId)]);
  const byRun = new Map(rows.map(({ runId, ...cancelled }) => [runId, cancelled]));
  return runs.map((run) => ({ ...run, cancelled: byRun.get(run.runId) ?? null }));
}
