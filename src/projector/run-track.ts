import { mergeRunReports } from '#track/merge-reports.ts';
import { PHASES } from '#track/phase.ts';
import type { Reports } from '#track/report.ts';
import { furthest, type Place, type Progress, placeOf } from './progress.ts';

/** One track within one run: how far it came there and how the phases ended for it there. */
export type RunTrack = Progress & {
  readonly runId: string;
  readonly trackId: string;
  readonly reports: Reports;
};

export type RunTrackRow = {
  readonly runId: string;
  readonly trackId: string;
  readonly place: Place;
  readonly degraded: boolean;
  readonly state: Progress & { readonly reports: Reports };
};

export const runTrackKey = ({ runId, trackId }: { runId: string; trackId: string }): string => `${runId}\n${trackId}`;

export const mergeRunTracks = (a: RunTrack, b: RunTrack): RunTrack => ({
  ...furthest(a, b),
  runId: a.runId,
  trackId: a.trackId,
  reports: Object.fromEntries(
    PHASES.map((phase) => [phase, mergeRunReports(a.reports[phase], b.reports[phase])]),
  ) as Reports,
});

/** A phase that gave up makes a track degraded, wherever the track stands. */
export const isDegraded = (reports: Reports): boolean => PHASES.some((phase) => reports[phase]?.status === 'failed');

export const runTrackRow = (runTrack: RunTrack): RunTrackRow => {
  const { runId, trackId, ...state } = runTrack;
  return { runId, trackId, place: placeOf(runTrack), degraded: isDegraded(runTrack.reports), state };
};
