import { memoryGovernor } from '#adapters/memory/governor.ts';
import { memoryLedger } from '#adapters/memory/ledger.ts';
import type { Answer, Asking } from '#providers/answer.ts';
import type { HttpAnswer, HttpRequest } from '#providers/http.ts';
import type { ProviderPorts } from '#providers/ports.ts';
import { type Failure, failure } from '#stream/failure.ts';
import { failed, ok } from '#stream/result.ts';
import { AT } from '#test/support/tracks.ts';

/** What a scripted service says: a status with JSON, or trouble on the way. */
export type Scripted = { readonly status?: number; readonly headers?: Record<string, string>; readonly json?: unknown };

/** The ports of a provider client over a script; `requests` is everything that was sent, in order. */
export type ProviderWorld = {
  readonly ports: ProviderPorts;
  readonly requests: HttpRequest[];
  /** Moves the clock on. */
  pass(ms: number): void;
};

/** A world whose service answers by `answer`; a rate of 10,000 a second for each account, a clock that stands still. */
export function aProviderWorld(account: string, answer: (request: HttpRequest) => Scripted | Failure): ProviderWorld {
  let now = AT;
  const requests: HttpRequest[] = [];
  return {
    requests,
    pass: (ms) => {
      now += ms;
    },
    ports: {
      now: () => now,
      ledger: memoryLedger(),
      governor: memoryGovernor({ [account]: { perSecond: 10_000, burst: 10_000 } }, () => now),
      http: async (request) => {
        requests.push(request);
        const said = answer(request);
        return 'code' in said ? failed(said) : ok(httpAnswer(said));
      },
    },
  };
}

export function httpAnswer({ status = 200, headers = {}, json = null }: Scripted): HttpAnswer {
  return { status, headers, json, text: json === null ? '' : JSON.stringify(json).slice(0, 500) };
}

/** A question of the live lane that nobody aborts. */
export const anAsking = (over: Partial<Asking> = {}): Asking => ({
  signal: new AbortController().signal,
  lane: 'live',
  now: AT,
  notBefore: null,
  ...over,
});

export const found = <Facts>(facts: Facts, fetchedAt = AT): Answer<Facts> => ({ kind: 'found', facts, fetchedAt });
export const notFound: Answer<never> = { kind: 'not_found', fetchedAt: AT };
export const inTrouble = (code: Failure['code'] = 'TIMEOUT'): Answer<never> => ({
  kind: 'failed',
  failure: failure(code, 'as the test wants it'),
});
