import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Recording } from '../catalogue/recordings.ts';
import { type Ask, html, json, type Provider, type Reply, type Route, waiting } from '../http/route.ts';
import type { Tokens } from '../http/tokens.ts';
import { relinkingOf, trackInMarket } from './market.ts';
import { givenTo, type SpotifyProfile } from './profile.ts';
import { audioFeatures, fullAlbum, fullArtist, fullTrack } from './shapes.ts';

/** What the Web API origin answers from. */
export type WebApi = {
  readonly catalogue: Catalogue;
  readonly tokens: Tokens;
  /** The profile of the account now. */
  readonly profile: () => SpotifyProfile;
};

/** The Web API origin: tracks, albums, artists and audio features, singly and by lists, and the search by ISRC. */
export function spotifyApi(api: WebApi): Provider {
  const { tokens, profile } = api;
  const { track, features, album, artist } = thingsOf(api);
  const listed: Route[] = [
    several('tracks', '/v1/tracks', 50, track),
    several('albums', '/v1/albums', 20, album),
    several('artists', '/v1/artists', 50, artist),
  ].map((route) => closed(route, () => profile() === 'new-dev'));
  const featured: Route[] = [
    several('audio_features', '/v1/audio-features', 100, features),
    one('audio-feature', '/v1/audio-features/:id', features),
  ].map((route) => closed(route, () => profile() !== 'extended'));
  const single: Route[] = [
    one('track', '/v1/tracks/:id', track),
    one('album', '/v1/albums/:id', album),
    one('artist', '/v1/artists/:id', artist),
    searched(api),
  ];
  return {
    name: 'spotify',
    routes: [...listed, ...featured, ...single].map((route) => guarded(route, tokens)),
    refuse,
    quotaSpent: (retryAfter) => problem(429, 'API rate limit exceeded', { retryAfter, reason: 'QUOTA_EXCEEDED' }),
    expireTokens: () => tokens.expire(Date.now()),
  };
}

type Find = (id: string, ask: Ask) => object | null;

/** How each kind of thing is found and shown to the account. */
function thingsOf({ catalogue, profile }: WebApi): Record<'track' | 'features' | 'album' | 'artist', Find> {
  const relinking = relinkingOf(catalogue);
  const known = (id: string): Recording | null => {
    const recording = relinking.recording(id);
    return recording === null || recording.has('unknownToSpotify') ? null : recording;
  };
  return {
    track: (id, { query }) => {
      const recording = known(id);
      if (recording === null) return null;
      const inMarket = query.has('market');
      const whole = inMarket ? trackInMarket(relinking, recording, id) : fullTrack(recording, id);
      return givenTo(profile(), 'track', whole);
    },
    features: (id) => {
      const recording = known(id);
      return recording === null ? null : audioFeatures(catalogue, recording, id);
    },
    album: (id) => {
      const number = catalogue.resolve.album(id);
      return number === null ? null : givenTo(profile(), 'album', fullAlbum(catalogue, catalogue.album(number), id));
    },
    artist: (id) => {
      const number = catalogue.resolve.artist(id);
      return number === null ? null : givenTo(profile(), 'artist', fullArtist(catalogue.artist(number), id));
    },
  };
}

const messages: Readonly<Record<number, string>> = {
  400: 'invalid id',
  401: 'The access token expired',
  403: 'Forbidden',
  404: 'Resource not found',
  429: 'API rate limit exceeded',
};

/** Its gateways answer HTML, its servers nothing: neither speaks JSON above 500. */
function refuse(status: number, retryAfter: number | null): Reply {
  if (status === 502) return html(status, '<html><body><h1>502 Bad Gateway</h1></body></html>', waiting(retryAfter));
  if (status > 499) return html(status, '', waiting(retryAfter));
  return problem(status, messages[status] ?? 'error', { retryAfter });
}

type Why = { readonly retryAfter?: number | null; readonly reason?: string };

const problem = (status: number, message: string, { retryAfter = null, reason }: Why = {}): Reply =>
  json(status, { error: { status, message, ...(reason === undefined ? {} : { reason }) } }, waiting(retryAfter));

/** A route that accounts of some profiles are refused. */
const closed = (route: Route, isClosed: () => boolean): Route => ({
  ...route,
  answer: (ask) => (isClosed() ? problem(403, 'Forbidden') : route.answer(ask)),
});

function guarded(route: Route, tokens: Tokens): Route {
  const answer = (ask: Ask): Reply => {
    const verdict = tokens.check(ask.headers.authorization, 'access', ask.now);
    if (verdict === 'good') return route.answer(ask);
    const message = {
      missing: 'No token provided',
      invalid: 'Invalid access token',
      expired: 'The access token expired',
    };
    return problem(401, message[verdict]);
  };
  return { ...route, answer };
}

const idsOf = ({ query }: Ask): readonly string[] => (query.get('ids') ?? '').split(',').filter((id) => id !== '');

/** A list endpoint: one entry for each asked position, null where there is none; too many ids refuse the whole call. */
function several(key: string, path: string, most: number, find: Find): Route {
  const answer = (ask: Ask): Reply => {
    const ids = idsOf(ask);
    if (ids.length === 0) return problem(400, 'invalid id');
    if (ids.length > most) return problem(400, 'Too many ids requested');
    return json(200, { [key]: ids.map((id) => find(id, ask)) });
  };
  return { method: 'GET', path, endpoint: key.replace('_', '-'), ids: idsOf, most, answer };
}

function one(endpoint: string, path: string, find: Find): Route {
  const answer = (ask: Ask): Reply => {
    const id = ask.params['id'] ?? '';
    if (!/^[0-9A-Za-z]{22}$/.test(id)) return problem(400, 'invalid id');
    const found = find(id, ask);
    return found === null ? problem(404, 'Resource not found') : json(200, found);
  };
  return { method: 'GET', path, endpoint, ids: ({ params }) => [params['id'] ?? ''], answer };
}

/** The recording that is searched: `q=isrc:XX&type=track`; anything else finds nothing. */
function searchedFor({ resolve, recording }: Catalogue, query: URLSearchParams): readonly Recording[] {
  if (query.get('type') !== 'track') return [];
  const isrc = /^isrc:"?([A-Za-z0-9]{12})"?$/.exec(query.get('q') ?? '')?.[1]?.toUpperCase() ?? '';
  const number = resolve.isrc(isrc);
  const found = number === null ? [] : [recording(number)];
  return found.filter((one) => one.isrc === isrc && !one.has('unknownToSpotify'));
}

function searched({ catalogue, profile }: WebApi): Route {
  const answer = ({ query }: Ask): Reply => {
    const limit = Number(query.get('limit') ?? 5);
    if (limit > (profile() === 'new-dev' ? 10 : 50)) return problem(400, 'Invalid limit');
    const items = searchedFor(catalogue, query).map((one) =>
      givenTo(profile(), 'track', fullTrack(one, catalogue.resolve.trackId(one.number))),
    );
    const href = `https://api.spotify.com/v1/search?${query.toString()}`;
    return json(200, { tracks: { href, items, limit, next: null, offset: 0, previous: null, total: items.length } });
  };
  return { method: 'GET', path: '/v1/search', endpoint: 'search', ids: ({ query }) => [query.get('q') ?? ''], answer };
}
