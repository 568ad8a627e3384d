import { PHASES, type PhaseName } from '#track/phase.ts';
import type { PhaseReport, ReportStatus, Reports } from '#track/report.ts';

/** For each phase the last moment at which it had an answer for the track, in milliseconds; `null` when it never had one. */
export type Answered = Readonly<Record<PhaseName, number | null>>;

/** A phase that ended so has been answered, be it with "there is none". `failed` is no answer, and in the rest nobody was asked. */
const ANSWERS: ReadonlySet<ReportStatus | 'unknown'> = new Set([
  'enriched',
  'known',
  'not_found',
  'restricted',
  'not_offered',
]);

const NEVER: Answered = { spotify: null, credits: null, publishing: null, links: null, analytics: null };

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

const answerIn = (report: PhaseReport | null): number | null =>
  report === null ? null : later(ANSWERS.has(report.status) ? report.at : null, report.confirmedAt);

const byPhase = (of: (phase: PhaseName) => number | null): Answered =>
  Object.fromEntries(PHASES.map((phase) => [phase, of(phase)])) as Record<PhaseName, number | null>;

/** What the reports of one event say of it. */
export const answeredIn = (reports: Reports): Answered => byPhase((phase) => answerIn(reports[phase]));

/**
 * The later answer of each phase. A register of its own: merged reports keep the last one only, and a phase that failed again
 * would hide the answer it had in between, which closes the letters before it.
 */
export const lastAnswered = (a: Answered, b: Answered): Answered => byPhase((phase) => later(a[phase], b[phase]));

export const neverAnswered = (): Answered => NEVER;
