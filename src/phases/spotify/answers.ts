import type { Answer } from '#providers/answer.ts';
import type { AlbumFacts, ArtistFacts, TrackFacts } from '#providers/spotify/facts.ts';
import type { AudioFeatures } from '#track/facts.ts';

/** What was asked for one event and answered; `null` was not asked. */
export type SpotifyAnswers = {
  readonly track: Answer<TrackFacts> | null;
  readonly album: Answer<AlbumFacts> | null;
  /** The album that was asked for; the answer may carry another id. */
  readonly albumId: string | null;
  /** One for each credited artist, in the order of the track. */
  readonly artists: readonly Answer<ArtistFacts>[];
  readonly features: Answer<AudioFeatures> | null;
  /** Of the second source. */
  readonly otherFeatures: Answer<AudioFeatures> | null;
};
