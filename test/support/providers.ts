import { memoryGovernor } from '#adapters/memory/governor.ts';
import { memoryLedger } from '#adapters/memory/ledger.ts';
import type { Answer, Asking, Lookup } from '#providers/answer.ts';
import type { Budget } from '#providers/budget.ts';
import type { Http, HttpAnswer, HttpRequest } from '#providers/http.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import type { Failure } from '#stream/failure.ts';
import { failed, ok } from '#stream/result.ts';
import { AT } from './tracks.ts';

/** A question as a handler asks it; override what matters to the test. */
export const anAsking = (over: Partial<Asking> = {}): Asking => ({
  signal: new AbortController().signal,
  lane: 'live',
  now: AT,
  notBefore: null,
  ...over,
});

export const anAnswer = (json: unknown, over: Partial<HttpAnswer> = {}): HttpAnswer => ({
  status: 200,
  headers: {},
  json,
  text: JSON.stringify(json),
  ...over,
});

/** An answer that carries a status alone. */
export const aStatus = (status: number, headers: Record<string, string> = {}): HttpAnswer =>
  anAnswer({ error: { status } }, { status, headers });

/** A network of one function, and all requests that it got. */
export function fakeHttp(respond: (request: HttpRequest) => HttpAnswer | Failure | Promise<HttpAnswer | Failure>) {
  const requests: HttpRequest[] = [];
  const http: Http = async (request) => {
    requests.push(request);
    const response = await respond(request);
    return 'status' in response ? ok(response) : failed(response);
  };
  return { http, requests, paths: () => requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`) };
}

const UNBOUND: Budget = { perSecond: 1_000_000, burst: 1_000 };

/** The ports of a provider client in memory, on a clock that stands still at `AT` unless given another. */
export function providerPorts(http: Http, over: Partial<ProviderPorts> = {}): ProviderPorts {
  const now = over.now ?? (() => AT);
  const governor = memoryGovernor({ spotify: UNBOUND, mlc: UNBOUND, test: UNBOUND }, now);
  return { http, ledger: memoryLedger(), governor, now, ...over };
}

/** A network that must not be used. */
export const noHttp: Http = async ({ url }) => {
  throw new Error(`nobody should have called ${url}`);
};

/** A lookup that answers from a function, and every question that it got. */
export function fakeLookup<Facts>(answer: (key: string) => Answer<Facts>) {
  const asked: { readonly key: string; readonly notBefore: number | null }[] = [];
  const lookup: Lookup<string, Facts> = async (key, { notBefore }) => {
    asked.push({ key, notBefore });
    return answer(key);
  };
  return { lookup, asked, keys: () => asked.map(({ key }) => key) };
}
