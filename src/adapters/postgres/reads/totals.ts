import type { Pool } from 'pg';
import type { Totals } from '#feed/ports.ts';
import { PHASES } from '#track/phase.ts';

const TRACKS = 'select status, degraded, count(*) as n from tracks group by status, degraded';
const RUNS = 'select finished, count(*) as n from runs group by finished';
const PHASE_COUNTS = `
  select phase, jsonb_object_agg(status, n) as counts
  from (select phase, status, sum(tracks)::bigint as n from run_phases group by phase, status) summed
  where n <> 0 group by phase`;

type TrackCount = { readonly status: 'complete' | 'in_flight' | 'dead_lettered'; degraded: boolean; n: number };
type RunCount = { readonly finished: boolean | null; readonly n: number };
type PhaseCount = { readonly phase: string; readonly counts: Readonly<Record<string, number>> };

const sum = (counts: readonly { readonly n: number }[]): number => counts.reduce((total, { n }) => total + n, 0);

/** The whole in numbers; each answer by an index or from counters, so it stays quick with many tracks. */
export async function readTotals(pool: Pool): Promise<Totals> {
  const [tracks, runs, phases] = await Promise.all([
    pool.query<TrackCount>(TRACKS),
    pool.query<RunCount>(RUNS),
    pool.query<PhaseCount>(PHASE_COUNTS),
  ]);
  const inPlace = (place: TrackCount['status']) => sum(tracks.rows.filter(({ status }) => status === place));
  const ofPhase = (name: string) => phases.rows.find(({ phase }) => phase === name)?.counts ?? {};
  return {
    tracks: {
      complete: inPlace('complete'),
      in_flight: inPlace('in_flight'),
      dead_lettered: inPlace('dead_lettered'),
      degraded: sum(tracks.rows.filter(({ degraded }) => degraded)),
    },
    runs: {
      open: sum(runs.rows.filter(({ finished }) => !finished)),
      finished: sum(runs.rows.filter(({ finished }) => finished)),
    },
    phases: Object.fromEntries(PHASES.map((phase) => [phase, ofPhase(phase)])) as Totals['phases'],
  };
}
