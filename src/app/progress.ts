import type { Reads } from '#feed/ports.ts';
import type { RunRow } from '#projector/run-row.ts';
import { PHASES } from '#track/phase.ts';

/** How far things are, as the read model knows it: by phase how many tracks `arrived` and how it ended for how many. */
export type Progress = { readonly phases: RunRow['phases']; readonly runs: readonly RunRow[] };

/** As many of the newest runs as are named where nobody asked for certain ones. */
const NEWEST = 50;

/**
 * Reads the progress of some runs, or of all.
 * @param runIds `null` for all: then the totals are of everything, and the newest runs are named
 */
export async function progressOf(reads: Reads, runIds: readonly string[] | null): Promise<Progress> {
  if (runIds === null) {
    const [{ phases }, { items }] = await Promise.all([reads.totals(), reads.runs({ after: null, limit: NEWEST })]);
    return { phases, runs: items };
  }
  const runs = (await Promise.all(runIds.map((runId) => reads.run(runId)))).filter((run) => run !== null);
  return { phases: summed(runs), runs };
}

function summed(runs: readonly RunRow[]): RunRow['phases'] {
  const sumOf = (phase: (typeof PHASES)[number]) => {
    const sum: Record<string, number> = {};
    for (const run of runs)
      for (const [status, tracks] of Object.entries(run.phases[phase])) sum[status] = (sum[status] ?? 0) + tracks;
    return [phase, sum];
  };
  return Object.fromEntries(PHASES.map(sumOf)) as RunRow['phases'];
}
