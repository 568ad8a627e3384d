import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Latency } from '../http/pace.ts';
import { type Ask, html, json, type Provider, type Reply, waiting } from '../http/route.ts';
import { cases } from './cases.ts';
import { type Mixes, mixedPage } from './mixes.ts';
import { type Page, pageOf } from './page.ts';
import { idAsked, operationAsked, pathfinder } from './pathfinder.ts';
import { shellOf } from './shell.ts';

/** What the web player serves for a track id: its case, else what the mix makes of the catalogue's page; null when it is malformed. */
function servedPage(catalogue: Catalogue, mixes: Mixes, id: string): Page | null {
  const page = pageOf(catalogue, id);
  return page === null ? null : (cases[id]?.change(page) ?? mixedPage(catalogue.world, mixes.now(), page));
}

/** The web player: track pages for a browser, and the JSON they fetch. `hydrate` is how long pages wait, in milliseconds. */
export function webPlayer(catalogue: Catalogue, hydrate: Latency, mixes: Mixes): Provider {
  const find = (id: string): Page | null => servedPage(catalogue, mixes, id);
  const [least, most] = hydrate;
  const page = ({ params }: Ask): Reply => {
    const id = params['id'] ?? '';
    const found = find(id);
    if (found === null) return html(404, '<!doctype html><html lang="en"><body><h1>Page not found</h1></body></html>');
    if (found.document === 'too-many-requests') return refuse(429, 30);
    const share = catalogue.world.draw('hydration', id).unit('share');
    const shell = html(200, shellOf(found, Math.round(least + (most - least) * share)));
    return found.document === 'endless' ? { ...shell, isEndless: true } : shell;
  };
  return {
    name: 'web-player',
    routes: [
      {
        method: 'GET',
        path: '/track/:id',
        endpoint: 'track-page',
        isPage: true,
        ids: ({ params }) => [params['id'] ?? ''],
        cuts: ({ params }) => find(params['id'] ?? '')?.document === 'cut',
        answer: page,
      },
      {
        method: 'POST',
        path: '/pathfinder/v2/query',
        endpoint: 'pathfinder',
        operation: operationAsked,
        ids: (ask) => [idAsked(ask)],
        answer: pathfinder(catalogue, find),
      },
    ],
    refuse,
    // Visitors are anonymous here: there are no tokens to end.
    expireTokens: () => undefined,
  };
}

function refuse(status: number, retryAfter: number | null): Reply {
  if (status === 401) return json(401, { error: 'unauthorized' });
  return html(status, `<!doctype html><html lang="en"><body><h1>${status}</h1></body></html>`, waiting(retryAfter));
}
