import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Ask, json, type Provider, type Reply, waiting } from '../http/route.ts';

const MOST_IDS = 40;

/** A recording in so many that the service has not analysed. */
const UNKNOWN_OF = 7;

const idsOf = ({ query }: Ask): readonly string[] => (query.get('ids') ?? '').split(',').filter((id) => id !== '');

const refuse = (status: number, retryAfter: number | null): Reply =>
  json(status, { status, errors: [{ message: status === 429 ? 'Too many requests' : 'error' }] }, waiting(retryAfter));

/** ReccoBeats: audio features by Spotify ids. Unknown ones are left out, answers carry ids of its own and no time signature. */
export function reccobeats(catalogue: Catalogue): Provider {
  const rowOf = (id: string): readonly object[] => {
    const number = catalogue.resolve.track(id);
    if (number === null || number % UNKNOWN_OF === 0) return [];
    const { time_signature: _, ...features } = catalogue.features(number);
    const own = catalogue.world.seal.toUuid('reccobeats', number);
    return [{ id: own, href: `https://open.spotify.com/track/${id}`, isrc: null, ...features }];
  };
  const answer = (ask: Ask): Reply => {
    const ids = idsOf(ask);
    if (ids.length < 1 || ids.length > MOST_IDS)
      return json(400, { status: 4004, errors: [{ message: 'size must be between 1 and 40' }] });
    // In an order of its own: whoever matches by position is wrong.
    return json(200, { content: ids.flatMap(rowOf).toReversed() });
  };
  return {
    name: 'reccobeats',
    routes: [
      { method: 'GET', path: '/v1/audio-features', endpoint: 'audio-features', ids: idsOf, most: MOST_IDS, answer },
    ],
    refuse,
    expireTokens: () => undefined,
  };
}
