import { type Conflict, conflictsOf } from '#track/conflict.ts';
import type { PhaseName } from '#track/phase.ts';
import type { ReportStatus } from '#track/report.ts';
import { resolve } from '#track/resolve.ts';
import type { Summary } from '#track/summary.ts';
import { type Place, placeOf } from './progress.ts';
import { isDegraded } from './run-track.ts';
import type { StoredTrack } from './stored-track.ts';

type PhaseStatuses = { readonly [Phase in PhaseName as `${Phase}Status`]: ReportStatus | 'unknown' | null };

/** One track as others read it: a row of `tracks`. Everything in it follows from `state`. Moments are ISO text. */
export type TrackRow = PhaseStatuses & {
  readonly trackId: string;
  readonly name: string | null;
  readonly artists: readonly string[];
  readonly isrc: string | null;
  readonly label: string | null;
  readonly releaseDate: string | null;
  readonly releaseDatePrecision: string | null;
  readonly albumName: string | null;
  readonly durationMs: number | null;
  readonly explicit: boolean | null;
  readonly popularity: number | null;
  readonly streams: number | null;
  readonly genres: readonly string[];
  readonly artistFollowers: number | null;
  readonly writers: readonly string[];
  readonly producers: readonly string[];
  readonly performers: readonly string[];
  readonly publishers: readonly string[];
  readonly publisherStatus: string | null;
  readonly iswc: string | null;
  readonly trackStage: string | null;
  readonly playlistReach: number | null;
  readonly youtubeViews: number | null;
  readonly status: Place;
  readonly degraded: boolean;
  readonly firstSeenAt: string;
  readonly completeAt: string | null;
  readonly updatedAt: string;
  /** The same values with source and date. */
  readonly summary: Summary;
  readonly conflicts: readonly Conflict[];
  readonly state: StoredTrack;
};

const iso = (at: number): string => new Date(at).toISOString();

type Resolved<Value> = { readonly value: Value } | null;

const one = <Value>(resolved: Resolved<Value>): Value | null => resolved?.value ?? null;
const several = (resolved: Resolved<readonly string[]>): readonly string[] => resolved?.value ?? [];

/** The effective values alone. */
const valuesOf = (summary: Summary) => ({
  name: one(summary.name),
  artists: several(summary.artists),
  isrc: one(summary.isrc),
  label: one(summary.label),
  releaseDate: one(summary.releaseDate)?.value ?? null,
  releaseDatePrecision: one(summary.releaseDate)?.precision ?? null,
  albumName: one(summary.albumName),
  durationMs: one(summary.durationMs),
  explicit: one(summary.explicit),
  popularity: one(summary.popularity),
  streams: one(summary.streams),
  genres: several(summary.genres),
  artistFollowers: one(summary.artistFollowers),
  writers: several(summary.writers),
  producers: several(summary.producers),
  performers: several(summary.performers),
  publishers: several(summary.publishers),
  publisherStatus: one(summary.publisherStatus),
  iswc: one(summary.iswc),
  trackStage: one(summary.trackStage),
  playlistReach: one(summary.playlistReach),
  youtubeViews: one(summary.youtubeViews),
});

/** Resolves what is known of a track into its row. Pure: the same state gives the same row, byte for byte. */
export function trackRow(state: StoredTrack): TrackRow {
  const { track } = state;
  const { reports } = track;
  const summary = resolve(track);
  return {
    trackId: track.trackId,
    ...valuesOf(summary),
    status: placeOf(state),
    degraded: isDegraded(reports),
    spotifyStatus: reports.spotify?.status ?? null,
    creditsStatus: reports.credits?.status ?? null,
    publishingStatus: reports.publishing?.status ?? null,
    linksStatus: reports.links?.status ?? null,
    analyticsStatus: reports.analytics?.status ?? null,
    firstSeenAt: iso(state.firstSeenAt),
    completeAt: state.completeAt === null ? null : iso(state.completeAt),
    updatedAt: iso(state.updatedAt),
    summary,
    conflicts: conflictsOf(track.sections, track.trackId, summary.isrc?.value ?? null),
    state,
  };
}
