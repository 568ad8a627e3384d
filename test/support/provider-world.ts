import { memoryGovernor } from '#adapters/memory/governor.ts';
import type { Answer } from '#providers/answer.ts';
import type { HttpAnswer, HttpRequest } from '#providers/http.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { type Failure, failure } from '#stream/failure.ts';
import { anAnswer, fakeHttp, providerPorts } from './providers.ts';
import { AT } from './tracks.ts';

/** What a scripted service says: a status with JSON. */
export type Scripted = { readonly status?: number; readonly headers?: Record<string, string>; readonly json?: unknown };

/** The ports of a provider client over a script; `requests` is everything that was sent, in order. */
export type ProviderWorld = {
  readonly ports: ProviderPorts;
  readonly requests: readonly HttpRequest[];
  /** Moves the clock on. */
  pass(ms: number): void;
};

/** A world whose service answers by `answer`, at any rate, on a clock that moves only by `pass`. */
export function aProviderWorld(account: string, answer: (request: HttpRequest) => Scripted): ProviderWorld {
  let time = AT;
  const now = (): number => time;
  const { http, requests } = fakeHttp((request) => httpAnswer(answer(request)));
  const governor = memoryGovernor({ [account]: { perSecond: 1_000_000, burst: 1_000 } }, now);
  return {
    requests,
    pass: (ms) => {
      time += ms;
    },
    ports: providerPorts(http, { governor, now }),
  };
}

export const httpAnswer = ({ status = 200, headers = {}, json = null }: Scripted): HttpAnswer =>
  anAnswer(json, { status, headers, ...(json === null ? { text: '' } : {}) });

export const found = <Facts>(facts: Facts, fetchedAt = AT): Answer<Facts> => ({ kind: 'found', facts, fetchedAt });
export const notFound: Answer<never> = { kind: 'not_found', fetchedAt: AT };
export const inTrouble = (code: Failure['code'] = 'TIMEOUT'): Answer<never> => ({
  kind: 'failed',
  failure: failure(code, 'as the test wants it'),
});
