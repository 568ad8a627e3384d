import { eventOf, type TrackEvent } from '#track/event.ts';
import { NOTHING_SEEN, type RawTrack } from '#track/raw.ts';

/** A made-up track id that ends in the given digits. */
export const trackId = (n = 1): string => `linernotesTrack${String(n).padStart(7, '0')}`;

export const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A raw track of which nothing is known but its id; override what matters to the test. */
export const aRawTrack = (over: Partial<RawTrack> = {}): RawTrack => ({
  track: trackId(),
  ...NOTHING_SEEN,
  playlist: null,
  fetchMethod: 'spotify_api',
  observedAt: AT,
  runId: 'run-1',
  runTotal: null,
  prior: null,
  ...over,
});

/** An event that has passed no phase yet. */
export const aTrackEvent = (over: Partial<TrackEvent> = {}, raw: Partial<RawTrack> = {}): TrackEvent => ({
  ...eventOf(over.trackId ?? raw.track ?? trackId(), aRawTrack(raw)),
  ...over,
});

/** A part as its phase writes it. */
export const aPart = <Facts>(value: Facts, over: { provider?: string; fetchedAt?: number; askedBy?: string } = {}) => ({
  provider: 'spotify',
  fetchedAt: AT,
  askedBy: `track:${trackId()}`,
  ...over,
  value,
});
