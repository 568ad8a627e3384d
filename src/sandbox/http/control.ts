import { z } from 'zod';
import { type Mixes, mixSchema } from '../web-player/mixes.ts';
import type { Faults } from './faults.ts';
import { faultSchema } from './faults.ts';
import type { Ledger } from './ledger.ts';
import { json, providerNames, type Reply } from './route.ts';
import type { Tabs } from './tabs.ts';
import type { Watch } from './violations.ts';

/** What the control paths work on. */
export type Controls = {
  faults: Faults;
  ledger: Ledger;
  watch: Watch;
  tabs: Tabs;
  mixes: Mixes;
  expireTokens(provider: string): void;
};

const ledgerPage = z.object({ provider: z.enum(providerNames), endpoint: z.string() });

/**
 * Answers the control paths, which every origin has: `GET /_calls` (counts; with `?provider=&endpoint=` how often each key
 * was asked; with `?each` the latest calls one by one), `GET /_violations` (every broken limit), `DELETE /_calls` (empties both, and the peak of tabs),
 * `GET /_tabs` (pages open in browsers, now and at most),
 * `GET` and `PUT /_mix` (which share of the web player's pages are mixes of its cases), `GET /_faults`, `PUT` or `POST /_faults` (one order or a list), `DELETE /_faults`, `GET /_health`.
 */
export function control(controls: Controls, method: string, url: URL, body: string, now: number): Reply {
  switch (`${method} ${url.pathname}`) {
    case 'GET /_health':
      return json(200, { sandbox: true });
    case 'GET /_calls':
      return calls(controls.ledger, url.searchParams);
    case 'DELETE /_calls':
      controls.ledger.reset(now);
      controls.watch.reset();
      controls.tabs.reset();
      return json(200, controls.ledger.calls());
    case 'GET /_violations':
      return json(200, controls.watch.list());
    case 'GET /_mix':
      return json(200, controls.mixes.now());
    case 'PUT /_mix':
      return mix(controls, body);
    case 'GET /_tabs':
      return json(200, controls.tabs.count());
    case 'GET /_faults':
      return faults(controls);
    case 'PUT /_faults':
    case 'POST /_faults':
      return order(controls, body);
    case 'DELETE /_faults':
      controls.faults.clear();
      return faults(controls);
    default:
      return json(404, { error: `no control path ${method} ${url.pathname}` });
  }
}

function calls(ledger: Ledger, query: URLSearchParams): Reply {
  if (query.has('each')) return json(200, { calls: ledger.each() });
  if (!query.has('endpoint')) return json(200, ledger.calls());
  const page = ledgerPage.safeParse(Object.fromEntries(query));
  if (!page.success) return json(400, { error: z.prettifyError(page.error) });
  return json(200, { ...page.data, ids: ledger.ids(page.data.provider, page.data.endpoint) });
}

function order(controls: Controls, body: string): Reply {
  const orders = z.union([faultSchema, z.array(faultSchema)]).safeParse(parsed(body));
  if (!orders.success) return json(400, { error: z.prettifyError(orders.error) });
  for (const fault of [orders.data].flat()) {
    controls.faults.set(fault);
    if (fault.mode === 'expire') controls.expireTokens(fault.provider);
  }
  return faults(controls);
}

function mix(controls: Controls, body: string): Reply {
  const ordered = mixSchema.safeParse(parsed(body));
  if (!ordered.success) return json(400, { error: z.prettifyError(ordered.error) });
  controls.mixes.set(ordered.data);
  return json(200, ordered.data);
}

const faults = (controls: Controls): Reply =>
  json(200, { faults: controls.faults.list(), spotifyProfile: controls.faults.profile() });

/** The JSON in a body; undefined when it is none. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
