import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Recording } from '../catalogue/recordings.ts';
import { type Ask, json, type Provider, type Reply, type Route, waiting } from '../http/route.ts';
import type { Tokens } from '../http/tokens.ts';
import { audioFeatures, fullAlbum, fullArtist, fullTrack } from './shapes.ts';

/** The Web API origin: tracks, albums, artists and audio features, singly and by lists, and the search by ISRC. */
export function spotifyApi(catalogue: Catalogue, tokens: Tokens): Provider {
  const known = (id: string): Recording | null => {
    const number = catalogue.resolve.track(id);
    const recording = number === null ? null : catalogue.recording(number);
    return recording === null || recording.has('unknownToSpotify') ? null : recording;
  };
  const track = (id: string): object | null => {
    const recording = known(id);
    return recording === null ? null : fullTrack(recording, id);
  };
  const features = (id: string): object | null => {
    const recording = known(id);
    return recording === null ? null : audioFeatures(catalogue, recording, id);
  };
  const album = (id: string): object | null => {
    const number = catalogue.resolve.album(id);
    return number === null ? null : fullAlbum(catalogue, catalogue.album(number), id);
  };
  const artist = (id: string): object | null => {
    const number = catalogue.resolve.artist(id);
    return number === null ? null : fullArtist(catalogue.artist(number), id);
  };
  const routes: readonly Route[] = [
    several('tracks', '/v1/tracks', 50, track),
    one('track', '/v1/tracks/:id', track),
    several('albums', '/v1/albums', 20, album),
    one('album', '/v1/albums/:id', album),
    several('artists', '/v1/artists', 50, artist),
    one('artist', '/v1/artists/:id', artist),
    several('audio_features', '/v1/audio-features', 100, features),
    one('audio-feature', '/v1/audio-features/:id', features),
    {
      method: 'GET',
      path: '/v1/search',
      endpoint: 'search',
      ids: ({ query }) => [query.get('q') ?? ''],
      answer: search(catalogue),
    },
  ];
  return {
    name: 'spotify',
    routes: routes.map((route) => guarded(route, tokens)),
    refuse,
    expireTokens: () => tokens.expire(Date.now()),
  };
}

const messages: Readonly<Record<number, string>> = {
  400: 'invalid id',
  401: 'The access token expired',
  403: 'Forbidden',
  404: 'Resource not found',
  429: 'API rate limit exceeded',
};

function refuse(status: number, retryAfter: number | null): Reply {
  if (status >= 500) return { status, headers: { 'content-type': 'text/html', ...waiting(retryAfter) }, body: '' };
  return problem(status, messages[status] ?? 'error', retryAfter);
}

const problem = (status: number, message: string, retryAfter: number | null = null): Reply =>
  json(status, { error: { status, message } }, waiting(retryAfter));

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
function several(key: string, path: string, most: number, find: (id: string) => object | null): Route {
  const answer = (ask: Ask): Reply => {
    const ids = idsOf(ask);
    if (ids.length === 0) return problem(400, 'invalid id');
    if (ids.length > most) return problem(400, 'Too many ids requested');
    return json(200, { [key]: ids.map(find) });
  };
  return { method: 'GET', path, endpoint: key.replace('_', '-'), ids: idsOf, answer };
}

function one(endpoint: string, path: string, find: (id: string) => object | null): Route {
  const answer = ({ params }: Ask): Reply => {
    const id = params['id'] ?? '';
    if (!/^[0-9A-Za-z]{22}$/.test(id)) return problem(400, 'invalid id');
    const found = find(id);
    return found === null ? problem(404, 'Resource not found') : json(200, found);
  };
  return { method: 'GET', path, endpoint, ids: ({ params }) => [params['id'] ?? ''], answer };
}

/** `q=isrc:XX&type=track`; anything else finds nothing. */
function search(catalogue: Catalogue): (ask: Ask) => Reply {
  return ({ query }) => {
    const isrc = /^isrc:"?([A-Za-z0-9]{12})"?$/.exec(query.get('q') ?? '')?.[1]?.toUpperCase() ?? '';
    const number = query.get('type') === 'track' ? catalogue.resolve.isrc(isrc) : null;
    const recording = number === null ? null : catalogue.recording(number);
    const found = recording?.isrc === isrc && !recording.has('unknownToSpotify') ? [recording] : [];
    const items = found.map((one) => fullTrack(one, catalogue.resolve.trackId(one.number)));
    const href = `https://api.spotify.com/v1/search?${query.toString()}`;
    const limit = Number(query.get('limit') ?? 5);
    return json(200, { tracks: { href, items, limit, next: null, offset: 0, previous: null, total: items.length } });
  };
}
