import type { z } from 'zod';
import { PHASES, type PhaseName } from './phase.ts';
import { maybe, moment, record, symbols, text, whole } from './shapes.ts';

/** How a phase can end for a track. Each is a different thing everywhere: events, rows, API, page. */
export const REPORT_STATUSES = {
  enriched: 'The provider was asked, or the ledger, and gave facts.',
  known: 'The facts were there and fresh; no call was made.',
  not_found: 'The provider was asked and has no such thing.',
  restricted: 'The provider has it but does not show it here (region).',
  not_offered: 'This account is not given these facts.',
  not_yet: 'An input from an earlier phase is lacking, so nobody was asked.',
  off: 'The phase is not configured, the run was cancelled, or the track was withdrawn.',
  failed: 'The phase gave up after trouble; a dead letter says why.',
} as const;

export type ReportStatus = keyof typeof REPORT_STATUSES;

/** Codes of reports that are no failures. Failures have codes of their own (`#stream/failure.ts`). */
export const REPORT_CODES = {
  NEEDS_ISRC: 'The track has no ISRC yet, and this provider is asked by ISRC.',
  NEEDS_WRITERS: 'No writer of the track is known yet.',
  NOT_CONFIGURED: 'The phase has no credentials, or its operator has not turned it on.',
  CANCELLED: 'The run was cancelled before this phase.',
  WITHDRAWN: 'The track was withdrawn: nobody is asked for it, and the event goes on without facts.',
  NOT_OFFERED: 'The access that this account has does not include these facts.',
  REGION: 'The provider says that the track is not available in this country.',
  NO_CREDITS: 'The provider has the track and credits nobody.',
  NO_MATCH: 'The provider answered and has nothing under the key that was asked.',
} as const;

export type ReportCode = keyof typeof REPORT_CODES;

const statuses = Object.keys(REPORT_STATUSES) as [ReportStatus, ...ReportStatus[]];

export const phaseReport = record('PhaseReport', 'How one phase ended for one track.', {
  status: symbols('ReportStatus', 'How the phase ended.', statuses),
  at: moment('When the phase ended for this event.'),
  code: maybe(text('Why, for every status but enriched and known: a code from docs/failures.md.')),
  attempts: whole('How many times the provider was asked for this event, retries included; 0 when known.'),
  confirmedAt: maybe(moment('The last time the phase found its facts there and fresh; null when it never did.')),
});

export type PhaseReport = z.infer<typeof phaseReport>;

const shape = Object.fromEntries(
  PHASES.map((phase) => [phase, maybe(phaseReport, `How the ${phase} phase ended; null before it ran.`)]),
) as Record<PhaseName, z.ZodNullable<typeof phaseReport>>;

export const reports = record('Reports', 'One report per phase.', shape);

export type Reports = z.infer<typeof reports>;

export const NO_REPORTS: Reports = { spotify: null, credits: null, publishing: null, links: null, analytics: null };
