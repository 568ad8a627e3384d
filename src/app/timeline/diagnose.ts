import type { TrackDetail } from '#feed/ports.ts';
import type { Diagnosis, TimelineEntry } from '#feed/timeline-ports.ts';
import { COMPLETE, SOURCES } from '#projector/sources.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import type { PhaseReport } from '#track/report.ts';
import { readerAt } from './topics.ts';
import { type Queue, whyWaiting } from './waiting.ts';

/** What a diagnosis is made from. */
export type Evidence = {
  readonly entries: readonly TimelineEntry[];
  /** What the read model knows; `null` when it has not seen the track. */
  readonly track: Pick<TrackDetail, 'status' | 'completeAt' | 'reports' | 'letters'> | null;
  /** How the phase stands that the track waits for; `null` when it waits for none. */
  readonly queue: Queue | null;
};

/** How far the latest run of a track has come, by the log alone. */
export type Standing =
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'complete'; readonly entry: TimelineEntry }
  | { readonly kind: 'lost'; readonly entry: TimelineEntry }
  | { readonly kind: 'waiting'; readonly phase: PhaseName; readonly entry: TimelineEntry };

const reachedBy = ({ topic }: TimelineEntry): number => SOURCES.get(topic)?.reached ?? 0;

/** Where the run that began last stands. A later redrive or replay of it moves it on. */
export function standingOf(entries: readonly TimelineEntry[]): Standing {
  const readable = entries.filter(({ kind }) => kind !== 'unreadable');
  const begun = readable.findLast(({ kind, phase }) => kind === 'event' && phase === null) ?? readable.at(-1);
  if (begun === undefined) return { kind: 'nowhere' };
  const ofRun = readable.filter(({ runId, at }) => runId === begun.runId && at >= begun.at);
  const entry = ofRun.reduce((best, next) => (reachedBy(next) >= reachedBy(best) ? next : best), begun);
  const phase = readerAt(reachedBy(entry));
  if (phase === null) return { kind: 'complete', entry };
  if (entry.letter !== null && !entry.letter.forwarded) return { kind: 'lost', entry };
  return { kind: 'waiting', phase, entry };
}

/** Says in a sentence or two why a track is where it is. */
export function diagnose({ entries, track, queue }: Evidence): Diagnosis {
  const standing = standingOf(entries);
  const complete = track?.status === 'complete' || entries.some((entry) => reachedBy(entry) === COMPLETE);
  if (complete) return completed(standing, { entries, track, queue });
  if (standing.kind === 'lost') return { verdict: 'dead-lettered', sentence: lostSentence(standing.entry) };
  if (standing.kind === 'waiting') return { verdict: 'waiting', sentence: `Waits ${whyWaiting(standing, queue)}` };
  const seen = track === null ? 'Nothing is known of it.' : `The read model says ${track.status}.`;
  return { verdict: 'unknown', sentence: `No readable record of it stands on the topics that were read. ${seen}` };
}

const lostSentence = ({ phase, code, message }: TimelineEntry): string =>
  `Dead-lettered at ${phase ?? 'its first phase'}: ${code ?? 'unknown'}: ${message ?? ''}`;

function completed(standing: Standing, { entries, track, queue }: Evidence): Diagnosis {
  const since = track?.completeAt ?? entries.find((entry) => reachedBy(entry) === COMPLETE)?.at ?? null;
  const reports = PHASES.flatMap((phase) => {
    const report = track?.reports[phase] ?? null;
    return report === null ? [] : [{ phase, report }];
  });
  const failed = reports.filter(({ report }) => report.status === 'failed');
  const without = failed.length === 0 ? '' : ` without ${failed.map(({ phase }) => phase).join(' and ')}`;
  const sentences = [
    `Complete${without}${since === null ? '' : ` since ${since}`}.`,
    ...failed.map(({ phase }) => failedSentence(phase, track)),
    gaps(reports),
    later(standing, queue),
  ];
  return { verdict: failed.length === 0 ? 'complete' : 'degraded', sentence: sentences.filter(Boolean).join(' ') };
}

function failedSentence(phase: PhaseName, track: Evidence['track']): string {
  const code = track?.reports[phase]?.code ?? 'unknown';
  const letter = track?.letters.findLast((one) => one.phase === phase);
  return letter === undefined
    ? `${phase} failed: ${code}.`
    : `${phase} failed: ${code}: ${letter.message} (letter ${letter.letterId}, ${letter.state}).`;
}

const ANSWERED: readonly string[] = ['enriched', 'known', 'failed'];

/** Phases that ended without facts and without trouble. */
function gaps(reports: readonly { readonly phase: PhaseName; readonly report: PhaseReport }[]): string {
  const empty = reports.filter(({ report }) => !ANSWERED.includes(report.status));
  const told = empty.map(
    ({ phase, report }) => `${phase} is ${report.status}${report.code === null ? '' : ` (${report.code})`}`,
  );
  return told.length === 0
    ? ''
    : `No facts from ${told.length === 1 ? 'one phase' : 'some phases'}: ${told.join(', ')}.`;
}

/** A complete track may be on its way again: seen in another playlist, redriven, replayed. */
function later(standing: Standing, queue: Queue | null): string {
  if (standing.kind === 'lost') return `Its latest run ended otherwise. ${lostSentence(standing.entry)}`;
  if (standing.kind !== 'waiting') return '';
  return `Its latest run (${standing.entry.runId ?? 'without an id'}) waits ${whyWaiting(standing, queue)}`;
}
