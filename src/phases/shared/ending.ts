import type { Answer } from '#providers/answer.ts';
import { classOf, type Failure, type FailureClass } from '#stream/failure.ts';
import type { TrackEvent } from '#track/event.ts';
import type { PhaseName } from '#track/phase.ts';
import type { PhaseReport, ReportCode, ReportStatus } from '#track/report.ts';
import type { Sections } from '#track/sections/sections.ts';

/** How a phase ended for an event without trouble. */
export type Ending = {
  readonly status: Exclude<ReportStatus, 'failed'>;
  readonly code: ReportCode | null;
};

/** What a phase made of one event: its sections with all that was learned, and how it ended or what went wrong. */
export type Enriched = { readonly sections: Sections } & ({ readonly ending: Ending } | Troubled);

export type Troubled = {
  readonly failure: Failure;
  /** What it learned is worth going on with while an endpoint is away; else the phase waits for that as for its provider. */
  readonly goesOn?: boolean;
};

/** The facts are there and fresh; nobody was asked. */
export const KNOWN: Ending = { status: 'known', code: null };
/** The run was cancelled; nobody was asked. */
export const CANCELLED: Ending = { status: 'off', code: 'CANCELLED' };
/** The track was withdrawn; nobody was asked. */
export const WITHDRAWN: Ending = { status: 'off', code: 'WITHDRAWN' };
export const OFF: Ending = { status: 'off', code: 'NOT_CONFIGURED' };

const NO_FACTS = {
  not_found: { status: 'not_found', code: 'NO_MATCH' },
  restricted: { status: 'restricted', code: 'REGION' },
  not_offered: { status: 'not_offered', code: 'NOT_OFFERED' },
} as const satisfies Record<string, Ending>;

/** Trouble that may pass, the one first for which more is waited. */
const PASSING: readonly FailureClass[] = ['provider', 'transient', 'endpoint'];

export const mayPass = ({ code }: Failure): boolean => PASSING.includes(classOf(code));

/** The trouble of an endpoint, where the phase can do nothing without it: that of the whole provider. */
export const troubleOf = ({ failure, goesOn = false }: Troubled): Failure =>
  failure.code === 'ENDPOINT_LIMITED' && !goesOn ? { ...failure, code: 'RATE_LIMITED' } : failure;

/** A failure that may pass is told before one that never does: it decides whether the event is tried again. */
const gravest = (failures: readonly Failure[]): Failure | null => {
  const passing = PASSING.map((kind) => failures.find(({ code }) => classOf(code) === kind));
  return passing.find((failure) => failure !== undefined) ?? failures[0] ?? null;
};

/**
 * How a phase ended, from the answers it got: trouble if there was any; else `enriched` if anything was found; else as the first
 * answer says, which is that of the phase's main question.
 * @param answers in the order of importance; `null` for what was not asked
 */
export function endingOf(answers: readonly (Answer<unknown> | null)[]): { ending: Ending } | { failure: Failure } {
  const asked = answers.filter((answer) => answer !== null);
  const failure = gravest(asked.flatMap((answer) => (answer.kind === 'failed' ? [answer.failure] : [])));
  if (failure !== null) return { failure };
  const [main] = asked;
  if (main === undefined) return { ending: KNOWN };
  if (main.kind === 'found' || main.kind === 'failed' || asked.some(({ kind }) => kind === 'found')) {
    return { ending: { status: 'enriched', code: null } };
  }
  return { ending: NO_FACTS[main.kind] };
}

/**
 * The event with the phase's report. Its moment is that of the batch, but at least 1 ms after the report that the event came
 * with, so that the new one wins wherever both are merged.
 * @param attempts how often the provider was asked
 */
export function reported(
  event: TrackEvent,
  phase: PhaseName,
  how: Pick<PhaseReport, 'status' | 'code' | 'attempts'>,
  now: number,
): TrackEvent {
  const before = event.reports[phase];
  const at = before === null ? now : Math.max(now, before.at + 1);
  const report: PhaseReport = { ...how, at, confirmedAt: how.status === 'known' ? at : null };
  return { ...event, reports: { ...event.reports, [phase]: report } };
}
