import type { Pool } from 'pg';
import { PHASES, type PhaseName } from '#track/phase.ts';

/** How far things are, as the read model knows it. */
export type Progress = {
  /** By phase: tracks that `arrived`, and by status how the phase ended for them. */
  readonly phases: Readonly<Record<PhaseName, Readonly<Record<string, number>>>>;
  readonly runs: readonly RunProgress[];
};

export type RunProgress = {
  readonly runId: string;
  readonly playlist: string;
  /** `null` while nobody said how many tracks the run has. */
  readonly total: number | null;
  readonly accepted: number;
  readonly complete: number;
  readonly deadLettered: number;
  readonly degraded: number;
  readonly finished: boolean;
};

const RUNS = `
  select run_id as "runId", coalesce(playlist_name, playlist_id, run_id) as playlist, total, accepted, complete,
    dead_lettered as "deadLettered", degraded, finished
  from runs where $1::text[] is null or run_id = any($1) order by first_at desc nulls last limit 200`;

const PHASE_COUNTS = `
  select phase, status, sum(tracks)::bigint as tracks
  from run_phases where $1::text[] is null or run_id = any($1) group by phase, status`;

/**
 * Reads the progress of some runs, or of all.
 * @param runIds `null` for all; of all, the 200 newest are named
 */
export async function progressOf(pool: Pool, runIds: readonly string[] | null): Promise<Progress> {
  const [runs, counts] = await Promise.all([
    pool.query<RunProgress>(RUNS, [runIds]),
    pool.query<{ phase: PhaseName; status: string; tracks: number }>(PHASE_COUNTS, [runIds]),
  ]);
  const of = (phase: PhaseName) =>
    Object.fromEntries(counts.rows.filter((row) => row.phase === phase).map(({ status, tracks }) => [status, tracks]));
  return {
    runs: runs.rows,
    phases: Object.fromEntries(PHASES.map((phase) => [phase, of(phase)])) as Progress['phases'],
  };
}
