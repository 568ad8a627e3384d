import { later } from './canonical.ts';
import type { PhaseReport } from './report.ts';

type Merge = (a: PhaseReport | null, b: PhaseReport | null) => PhaseReport | null;

/**
 * `known` says nothing new about how a phase ended, it only confirms. So a report is two registers: the latest report other than
 * `known`, and the latest confirmation. That a run was cancelled says nothing of the track at all: it yields to whatever any other
 * run was told, before or after.
 */
export const mergeReports: Merge = (a, b) => joined(laterOfTrack(endedOf(a), endedOf(b)), confirmed(a, b));

/** The same within one run, where it is news that the run was cancelled. */
export const mergeRunReports: Merge = (a, b) => told(laterOf(endedOf(a), endedOf(b)), confirmed(a, b));

/** A report in its settled form: merging it with itself changes nothing. */
export const settledReport = (report: PhaseReport | null): PhaseReport | null =>
  joined(endedOf(report), confirmationOf(report));

const isCancelled = ({ status, code }: PhaseReport): boolean => status === 'off' && code === 'CANCELLED';

const laterOf: Merge = (a, b) => later(a, b, (report) => report.at);

const laterOfTrack: Merge = (a, b) => {
  if (a !== null && b !== null && isCancelled(a) !== isCancelled(b)) return isCancelled(a) ? b : a;
  return laterOf(a, b);
};

/** The report without its confirmation, unless all it does is confirm. */
function endedOf(report: PhaseReport | null): PhaseReport | null {
  if (report === null || report.status === 'known') return null;
  return { ...report, confirmedAt: null };
}

const confirmed = (a: PhaseReport | null, b: PhaseReport | null): number | null =>
  latest(confirmationOf(a), confirmationOf(b));

function confirmationOf(report: PhaseReport | null): number | null {
  if (report === null) return null;
  return report.status === 'known' ? latest(report.at, report.confirmedAt) : report.confirmedAt;
}

function joined(ended: PhaseReport | null, confirmedAt: number | null): PhaseReport | null {
  const yields = ended !== null && isCancelled(ended) && confirmedAt !== null;
  return told(yields ? null : ended, confirmedAt);
}

function told(ended: PhaseReport | null, confirmedAt: number | null): PhaseReport | null {
  if (ended !== null) return { ...ended, confirmedAt };
  if (confirmedAt === null) return null;
  return { status: 'known', at: confirmedAt, code: null, attempts: 0, confirmedAt };
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
