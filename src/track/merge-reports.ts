import { later } from './canonical.ts';
import type { PhaseReport } from './report.ts';

/**
 * `known` says nothing new about how a phase ended, it only confirms. So a report is two registers: the latest report other than
 * `known`, and the latest confirmation.
 */
export function mergeReports(a: PhaseReport | null, b: PhaseReport | null): PhaseReport | null {
  const ended = later(endedOf(a), endedOf(b), (report) => report.at);
  return joined(ended, latest(confirmationOf(a), confirmationOf(b)));
}

/** A report in its settled form: merging it with itself changes nothing. */
export const settledReport = (report: PhaseReport | null): PhaseReport | null =>
  joined(endedOf(report), confirmationOf(report));

/** The report without its confirmation, unless all it does is confirm. */
function endedOf(report: PhaseReport | null): PhaseReport | null {
  if (report === null || report.status === 'known') return null;
  return { ...report, confirmedAt: null };
}

function confirmationOf(report: PhaseReport | null): number | null {
  if (report === null) return null;
  return report.status === 'known' ? latest(report.at, report.confirmedAt) : report.confirmedAt;
}

function joined(ended: PhaseReport | null, confirmedAt: number | null): PhaseReport | null {
  if (ended !== null) return { ...ended, confirmedAt };
  if (confirmedAt === null) return null;
  return { status: 'known', at: confirmedAt, code: null, attempts: 0, confirmedAt };
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
