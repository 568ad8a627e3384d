import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Ask, json, type Provider, type Reply, type Route, waiting } from '../http/route.ts';
import { entitiesOf } from './entities.ts';
import { lookups, urlLookup } from './lookups.ts';
import { searches } from './searches.ts';

/** MusicBrainz' web service: lookups and searches in JSON, for callers who say who they are. */
export function musicbrainz(catalogue: Catalogue): Provider {
  const entities = entitiesOf(catalogue);
  const routes = [...searches(catalogue, entities, urlLookup(entities)), ...lookups(catalogue, entities)];
  return {
    name: 'musicbrainz',
    routes: routes.map(polite),
    refuse,
    // There are no tokens to end.
    expireTokens: () => undefined,
  };
}

const overRate =
  'Your requests are exceeding the allowable rate limit. Please see https://wiki.musicbrainz.org/XMLWebService for more information.';

function refuse(status: number, retryAfter: number | null): Reply {
  const limits = { 'x-ratelimit-limit': '1200', 'x-ratelimit-remaining': '0', 'x-ratelimit-zone': 'per-ip' };
  return json(status, { error: status === 503 ? overRate : 'Not Found' }, { ...waiting(retryAfter), ...limits });
}

/** Callers must name themselves with a contact, and ask for JSON: the service's own default is XML. */
function polite(route: Route): Route {
  const answer = (ask: Ask): Reply => {
    const agent = ask.headers['user-agent'] ?? '';
    if (!/\S+\/\S+.*\(.*\S.*\)/.test(agent))
      return json(403, { error: 'Your User-Agent must name the application and a contact.' });
    const wantsJson = ask.query.get('fmt') === 'json' || (ask.headers.accept ?? '').includes('application/json');
    if (!wantsJson) return { status: 200, headers: { 'content-type': 'application/xml' }, body: '<metadata/>' };
    return route.answer(ask);
  };
  return { ...route, answer };
}
