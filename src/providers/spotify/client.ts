import type { z } from 'zod';
import type { Lookup } from '#providers/answer.ts';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { freshnessOf } from '#providers/freshness.ts';
import { refusalOf } from '#providers/http.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { refusalsOf } from '#providers/refusals.ts';
import type { Source } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import type { AudioFeatures } from '#track/facts.ts';
import { type Capability, type SpotifyAccess, type SpotifyProfile, spotifyAccess } from './access.ts';
import {
  type AlbumFacts,
  type ArtistFacts,
  albumFacts,
  artistFacts,
  featuresFacts,
  type TrackFacts,
  trackFacts,
} from './facts.ts';
import { type Endpoint, several, severalFeatures, type WebApi } from './several.ts';
import { type SpotifyCredentials, spotifyToken } from './token.ts';
import { wireAlbum, wireArtist, wireFeatures, wireTrack } from './wire.ts';

/** Every lookup is by the 22-character Spotify id. */
export type SpotifyClient = {
  readonly tracks: Lookup<string, TrackFacts>;
  /** Full albums: a track call has no label. */
  readonly albums: Lookup<string, AlbumFacts>;
  readonly artists: Lookup<string, ArtistFacts>;
  readonly features: Lookup<string, AudioFeatures>;
  /** What the account is given: the best that nothing speaks against, and what calls have shown (`null` while they have not). */
  readonly profile: () => SpotifyProfile;
  readonly shownProfile: () => SpotifyProfile | null;
};

export type SpotifyConfig = SpotifyCredentials & {
  /** `https://api.spotify.com` or its stand-in. */
  readonly apiUrl: string;
  /** ISO country in which tracks must be playable. Without one nothing is relinked: the id that was asked is answered. */
  readonly market?: string | null;
  /** How long a call may take, in milliseconds. */
  readonly timeoutMs?: number;
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

const ENDPOINTS = {
  // Of what is not deprecated, what no account with batches lacks. An ISRC that went elsewhere must not read as "has none".
  tracks: { path: '/v1/tracks', envelope: 'tracks', promised: ['external_ids'], hasMarket: true },
  albums: { path: '/v1/albums', envelope: 'albums', promised: ['external_ids'], hasMarket: true },
  artists: { path: '/v1/artists', envelope: 'artists', promised: [], hasMarket: false },
  features: { path: '/v1/audio-features', envelope: 'audio_features', promised: [], hasMarket: false },
} as const satisfies Record<string, Endpoint>;

/**
 * Some closed endpoints answer 429 from the first call on, with no moment to wait for (Spotty-Plugin issue 213). So a 429 of that
 * kind, to a way of asking that was never answered, is left to the asker; any other is a rate limit.
 */
const unlessClosed =
  (access: SpotifyAccess, capability: Capability): typeof refusalOf =>
  (answer, what, now) => {
    const refusal = refusalOf(answer, what, now);
    const mayBeClosed = refusal?.code === 'RATE_LIMITED' && refusal.retryAfterMs === null;
    return mayBeClosed && !access.hasShown(capability) ? null : refusal;
  };

/** A track of an album and by an artist of its own: a plan counts both. */
const presumedTrack = (id: string) => ({ id, name: '', artists: [{ id, name: '' }], album: { id, name: '' } });

/** How the account is asked: the plain way, and the two ways that it may be refused. */
function webApiOf(config: SpotifyConfig, ports: ProviderPorts, access: SpotifyAccess): WebApi {
  const token = spotifyToken(config, ports.http, ports.now);
  const { apiUrl: origin, timeoutMs = CALL_DEFAULTS.timeoutMs } = config;
  const options = { ...CALL_DEFAULTS, origin, account: SPOTIFY_ACCOUNT, token, timeoutMs, refusals: refusalsOf() };
  const by = (capability: Capability) => caller({ ...options, refusal: unlessClosed(access, capability) }, ports);
  return {
    call: caller(options, ports),
    calls: { batches: by('batches'), features: by('features') },
    access,
    market: config.market ?? null,
  };
}

/** The Spotify Web API: up to 50 tracks, 20 albums, 50 artists, 100 audio features a call, or one by one. */
export function spotifyClient(config: SpotifyConfig, ports: ProviderPorts): SpotifyClient {
  const freshness = freshnessOf(ports);
  const access = spotifyAccess(ports.now);
  const api = webApiOf(config, ports, access);

  const lookup = <Wire, Facts>(
    kind: string,
    maxBatch: number,
    maxAgeMs: number,
    wire: z.ZodType<Wire>,
    read: (wire: Wire) => Facts,
    fetchBatch: Source<Wire, Facts>['fetchBatch'],
    presumption: Pick<Source<Wire, Facts>, 'presumed'> = {},
  ): Lookup<string, Facts> => {
    const freshnessMs = { found: maxAgeMs, empty: freshness.spotifyEmpty };
    const common = { provider: 'spotify', lingerMs: config.lingerMs, profile: access.profile };
    return wellFormed(
      loader({ ...common, ...presumption, kind, maxBatch, freshnessMs, wire, read, fetchBatch }, ports),
    );
  };

  const { tracks, albums, artists, features } = ENDPOINTS;
  const featuresBy = severalFeatures(api, features, tracks);
  return {
    tracks: lookup('track', 50, freshness.spotifyCore, wireTrack, trackFacts, several(api, tracks), {
      presumed: presumedTrack,
    }),
    albums: lookup('album', 20, freshness.spotifyAlbum, wireAlbum, albumFacts, several(api, albums)),
    artists: lookup('artist', 50, freshness.spotifyArtists, wireArtist, artistFacts, several(api, artists)),
    features: lookup('audio-features', 100, freshness.spotifyFeatures, wireFeatures, featuresFacts, featuresBy),
    profile: access.profile,
    shownProfile: access.shownProfile,
  };
}
