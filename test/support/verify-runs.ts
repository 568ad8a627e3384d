import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import { mergeRunReports } from '#track/merge-reports.ts';
import { PHASES } from '#track/phase.ts';
import type { Reports } from '#track/report.ts';
import type { Judged } from './judged.ts';

type Share = {
  readonly runId: string;
  readonly trackId: string;
  reached: number;
  lost: number | null;
  reports: Reports;
};

const NONE: Reports = { spotify: null, credits: null, publishing: null, links: null, analytics: null };
const COMPLETE = PHASES.length;

/** What the log says of each distinct (run, track). */
function sharesOf({ events, letters }: Judged): readonly Share[] {
  const shares = new Map<string, Share>();
  const shareOf = (runId: string, trackId: string): Share => {
    const key = `${runId} ${trackId}`;
    const share = shares.get(key) ?? { runId, trackId, reached: 0, lost: null, reports: NONE };
    shares.set(key, share);
    return share;
  };
  for (const { runId, trackId, place, event } of events) {
    const share = shareOf(runId, trackId);
    share.reached = Math.max(share.reached, place);
    share.reports = Object.fromEntries(
      PHASES.map((phase) => [phase, mergeRunReports(share.reports[phase], event.reports[phase])]),
    ) as Reports;
  }
  for (const { runId, trackId, place, forwarded } of letters) {
    if (runId === null || trackId === null) continue;
    const share = shareOf(runId, trackId);
    share.reached = Math.max(share.reached, place);
    if (!forwarded) share.lost = Math.max(share.lost ?? 0, place);
  }
  return [...shares.values()];
}

const standing = ({ reached, lost }: Share): string => {
  if (reached === COMPLETE) return 'complete';
  return lost !== null && lost >= reached ? 'dead_lettered' : 'in_flight';
};

const degraded = ({ reports }: Share): boolean => PHASES.some((phase) => reports[phase]?.status === 'failed');

const RUN_TRACKS = `
  select run_id as "runId", track_id as "trackId", place, degraded, reached, reports from run_tracks`;

const RUNS = `
  select run_id as "runId", accepted, complete, in_flight as "inFlight", dead_lettered as "deadLettered", degraded,
    letters, total, finished from runs`;

const PHASE_COUNTS = `select run_id as "runId", phase, status, tracks from run_phases where tracks <> 0`;

const differing = <Row extends object>(
  what: string,
  rows: readonly Row[],
  expected: readonly Row[],
  keyOf: (row: Row) => string,
): readonly string[] => {
  const wanted = new Map(expected.map((row) => [keyOf(row), row]));
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((key) => {
    const [row, fold] = [found.get(key), wanted.get(key)];
    if (isDeepStrictEqual(row, fold)) return [];
    return [`${what} ${key} is ${JSON.stringify(row)}; its events say ${JSON.stringify(fold)}.`];
  });
};

/** The rows of runs are the fold of the log, and their counts add up. */
export async function wrongRuns(pool: Pool, judged: Judged): Promise<readonly string[]> {
  const shares = sharesOf(judged);
  const [runTracks, runs, phases] = await Promise.all([
    pool.query(RUN_TRACKS),
    pool.query(RUNS),
    pool.query(PHASE_COUNTS),
  ]);
  const expectedTracks = shares.map((share) => ({
    runId: share.runId,
    trackId: share.trackId,
    place: standing(share),
    degraded: degraded(share),
    reached: share.reached,
    reports: share.reports,
  }));
  return [
    ...differing('run_tracks', runTracks.rows, expectedTracks, ({ runId, trackId }) => `${runId} ${trackId}`),
    ...differing('runs', runs.rows, expectedRuns(judged, shares), ({ runId }) => runId),
    ...differing('run_phases', phases.rows, expectedPhases(shares), (row) => `${row.runId} ${row.phase} ${row.status}`),
    ...runs.rows.flatMap((row) =>
      row.accepted === row.complete + row.inFlight + row.deadLettered
        ? []
        : [`${JSON.stringify(row)} does not add up.`],
    ),
  ];
}

function expectedRuns({ events, letters }: Judged, shares: readonly Share[]) {
  const runIds = new Set([...events.map(({ runId }) => runId), ...letters.flatMap(({ runId }) => runId ?? [])]);
  return [...runIds].map((runId) => {
    const own = shares.filter((share) => share.runId === runId);
    const at = (place: string) => own.filter((share) => standing(share) === place).length;
    const totals = events.flatMap((one) => (one.runId === runId ? (one.event.raw.runTotal ?? []) : []));
    const total = totals.length === 0 ? null : Math.max(...totals);
    const [complete, deadLettered] = [at('complete'), at('dead_lettered')];
    return {
      runId,
      accepted: own.length,
      complete,
      inFlight: at('in_flight'),
      deadLettered,
      degraded: own.filter(degraded).length,
      letters: new Set(letters.flatMap((letter) => (letter.runId === runId ? letter.id : []))).size,
      total,
      finished: total !== null && own.length >= total && own.length === complete + deadLettered,
    };
  });
}

function expectedPhases(shares: readonly Share[]) {
  const counts = new Map<string, { runId: string; phase: string; status: string; tracks: number }>();
  const count = (runId: string, phase: string, status: string): void => {
    const key = `${runId} ${phase} ${status}`;
    const row = counts.get(key) ?? { runId, phase, status, tracks: 0 };
    row.tracks += 1;
    counts.set(key, row);
  };
  for (const { runId, reached, reports } of shares) {
    for (const [place, phase] of PHASES.entries()) {
      if (reached >= place) count(runId, phase, 'arrived');
      const status = reports[phase]?.status;
      if (status !== undefined) count(runId, phase, status);
    }
  }
  return [...counts.values()];
}
