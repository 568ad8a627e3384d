import type { z } from 'zod';
import type { Lookup } from '#providers/answer.ts';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { FRESHNESS } from '#providers/freshness.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/ports.ts';
import type { Source } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import type { AudioFeatures } from '#track/facts.ts';
import { spotifyAccess } from './access.ts';
import {
  type AlbumFacts,
  type ArtistFacts,
  albumFacts,
  artistFacts,
  featuresFacts,
  type TrackFacts,
  trackFacts,
} from './facts.ts';
import { several, severalFeatures } from './several.ts';
import { type SpotifyCredentials, spotifyToken } from './token.ts';
import { wireAlbum, wireArtist, wireFeatures, wireTrack } from './wire.ts';

/** Every lookup is by the 22-character Spotify id. */
export type SpotifyClient = {
  readonly tracks: Lookup<string, TrackFacts>;
  /** Full albums: a track call has no label. */
  readonly albums: Lookup<string, AlbumFacts>;
  readonly artists: Lookup<string, ArtistFacts>;
  readonly features: Lookup<string, AudioFeatures>;
};

export type SpotifyConfig = SpotifyCredentials & {
  /** `https://api.spotify.com` or its stand-in. */
  readonly apiUrl: string;
  /** How long a question waits for others to share its call, in milliseconds. */
  readonly lingerMs: { readonly live: number; readonly replay: number };
};

/** The governor's budget of this provider. */
export const SPOTIFY_ACCOUNT = 'spotify';

const SPOTIFY_ID = /^[0-9A-Za-z]{22}$/;

/** One malformed id makes Spotify refuse a whole batch, so none is ever sent. */
const wellFormed =
  <Facts>(lookup: Lookup<string, Facts>): Lookup<string, Facts> =>
  async (key, asking) =>
    SPOTIFY_ID.test(key)
      ? lookup(key, asking)
      : { kind: 'failed', failure: failure('BAD_REQUEST', `${JSON.stringify(key.slice(0, 40))} is no Spotify id`) };

/** The Spotify Web API: up to 50 tracks, 20 albums, 50 artists, 100 audio features a call. */
export function spotifyClient(config: SpotifyConfig, ports: ProviderPorts): SpotifyClient {
  const token = spotifyToken(config, ports.http, ports.now);
  const call = caller({ ...CALL_DEFAULTS, origin: config.apiUrl, account: SPOTIFY_ACCOUNT, token }, ports);
  const access = spotifyAccess();

  const lookup = <Wire, Facts>(
    kind: string,
    maxBatch: number,
    maxAgeMs: number,
    wire: z.ZodType<Wire>,
    read: (wire: Wire) => Facts,
    fetchBatch: Source<Wire, Facts>['fetchBatch'],
  ): Lookup<string, Facts> => {
    const freshnessMs = { found: maxAgeMs, empty: FRESHNESS.spotifyEmpty };
    const common = { provider: 'spotify', lingerMs: config.lingerMs, profile: access.profile };
    return wellFormed(loader({ ...common, kind, maxBatch, freshnessMs, wire, read, fetchBatch }, ports));
  };

  const by = (path: string, envelope: string) => several(call, access, path, envelope);
  return {
    tracks: lookup('track', 50, FRESHNESS.spotifyCore, wireTrack, trackFacts, by('/v1/tracks', 'tracks')),
    albums: lookup('album', 20, FRESHNESS.spotifyAlbum, wireAlbum, albumFacts, by('/v1/albums', 'albums')),
    artists: lookup('artist', 50, FRESHNESS.spotifyArtists, wireArtist, artistFacts, by('/v1/artists', 'artists')),
    features: lookup(
      'audio-features',
      100,
      FRESHNESS.spotifyFeatures,
      wireFeatures,
      featuresFacts,
      severalFeatures(call, access),
    ),
  };
}
