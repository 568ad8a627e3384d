import { merge } from '#track/merge.ts';
import { NO_REPORTS } from '#track/report.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';
import { RAW_FIELDS, type RawRegisters, type TrackState } from '#track/state.ts';
import { type Answered, lastAnswered } from './answered.ts';
import { furthest, type Progress } from './progress.ts';

/** All that the log says of one track. A batch's share and a stored row are the same thing and are merged by the same law. */
export type StoredTrack = Progress & {
  readonly track: TrackState;
  readonly answered: Answered;
  /** Broker time of the earliest record of it, in milliseconds. */
  readonly firstSeenAt: number;
  /** Broker time of its first arrival on `tracks.complete`; `null` before. */
  readonly completeAt: number | null;
  readonly updatedAt: number;
};

export const mergeStored = (a: StoredTrack, b: StoredTrack): StoredTrack => ({
  ...furthest(a, b),
  track: merge(a.track, b.track),
  answered: lastAnswered(a.answered, b.answered),
  firstSeenAt: Math.min(a.firstSeenAt, b.firstSeenAt),
  completeAt: earlier(a.completeAt, b.completeAt),
  updatedAt: Math.max(a.updatedAt, b.updatedAt),
});

const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** A track of which a dead letter alone is known. */
export const unknownTrack = (trackId: string): TrackState => ({
  trackId,
  raw: Object.fromEntries(RAW_FIELDS.map((field) => [field, null])) as RawRegisters,
  appearances: [],
  sections: NO_SECTIONS,
  reports: NO_REPORTS,
});
