import type { IncomingHttpHeaders } from 'node:http';
import type { Quota } from './quota.ts';

/** The providers that have a stand-in; Spotify's two origins (accounts and API) are one provider. */
export const providerNames = ['spotify', 'web-player', 'mlc', 'musicbrainz', 'chartmetric', 'reccobeats'] as const;
export type ProviderName = (typeof providerNames)[number];

/** One request as a route sees it. `now` is in milliseconds since 1970. */
export type Ask = {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  now: number;
  /** Where the caller stands in the provider's rate window; null when the pace has none. */
  quota: Quota | null;
};

/** One answer. Bodies are text; `json` and `html` set the content type. */
export type Reply = {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** After its body more and more follows, until the client goes. */
  isEndless?: boolean;
};

/** One path of a provider. `endpoint` is its name in the ledger and for faults; `ids` are the keys it was asked for. */
export type Route = {
  method: 'GET' | 'POST';
  /** `/v1/tracks/:id`: a segment with a colon is a parameter. */
  path: string;
  endpoint: string;
  /** What tells apart the calls of an endpoint that has one path for many; the ledger says `endpoint:operation`. */
  operation?: (ask: Ask) => string;
  ids?: (ask: Ask) => readonly string[];
  /** How many ids a call may name. */
  most?: number;
  /** Whether the connection breaks off instead of an answer. */
  cuts?: (ask: Ask) => boolean;
  /** Whether the answer is a page that a browser shows in a tab. */
  isPage?: boolean;
  answer: (ask: Ask) => Reply;
};

/** A provider's stand-in: its routes, and how it words an error that no route made (faults, limits, unknown paths). */
export type Provider = {
  name: ProviderName;
  routes: readonly Route[];
  /** The answer for a status; `retryAfter` in seconds when it tells to wait. */
  refuse(status: number, retryAfter: number | null): Reply;
  /** The answer when the quota is spent, where it has words of its own. */
  quotaSpent?(retryAfter: number | null): Reply;
  /** Ends all tokens given out so far. */
  expireTokens(): void;
};

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** An HTML answer. */
export function html(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}

/** The header that tells to wait, or none. */
export function waiting(retryAfter: number | null): Readonly<Record<string, string>> {
  return retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
}

export type Match = { route: Route; params: Readonly<Record<string, string>> };

/** Finds the route of a request; null when there is none. */
export function matcher(routes: readonly Route[]): (method: string, path: string) => Match | null {
  const compiled = routes.map((route) => ({ route, segments: route.path.split('/') }));
  return (method, path) => {
    const asked = path.split('/');
    for (const { route, segments } of compiled) {
      const params = route.method === method ? bind(segments, asked) : null;
      if (params !== null) return { route, params };
    }
    return null;
  };
}

function bind(segments: readonly string[], asked: readonly string[]): Record<string, string> | null {
  if (segments.length !== asked.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = asked[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decoded(value);
    else if (segment !== value) return null;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
