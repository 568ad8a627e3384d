import { classOf, type Failure, failure } from '#stream/failure.ts';
import { failed, ok, type Result } from '#stream/result.ts';
import { admission } from './admission.ts';
import { aloneAtFirst } from './alone-at-first.ts';
import type { CallScope } from './call-scope.ts';
import { type HttpAnswer, refusalOf } from './http.ts';
import type { Slot } from './ports.ts';
import type { ProviderPorts } from './provider-ports.ts';
import { type Refusals, refusalsOf } from './refusals.ts';
import type { TokenSource } from './token.ts';

export type CallRequest = {
  readonly method: 'GET' | 'POST';
  /** From the slash on, query included. */
  readonly path: string;
  /** Sent as JSON; `null` for no body. */
  readonly body: unknown;
  /** The path with names in place of keys, `/v1/tracks/{id}`: what a limit of its own belongs to. Absent: the path without its query. */
  readonly endpoint?: string;
};

/** One call with slot, token and the failures that all providers share already read from the status. */
export type Call = (request: CallRequest, scope: CallScope) => Promise<Result<HttpAnswer>>;

export type CallerOptions = {
  /** Scheme, host and port, no path: `https://api.spotify.com`. */
  readonly origin: string;
  /** The governor's budget. */
  readonly account: string;
  /** `null` for providers without credentials. */
  readonly token: TokenSource | null;
  /** Sent with every call, for example `user-agent`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Whether a refusal is the token's fault, so that a new one may help. */
  readonly tokenRefused: (answer: HttpAnswer) => boolean;
  /** How a status reads as a failure; `refusalOf` unless the provider has words of its own. */
  readonly refusal: typeof refusalOf;
  /** The calls a second that an answer names as the account's limit, or `null`. */
  readonly toldPerSecond?: (answer: HttpAnswer) => number | null;
  /** How long to keep silent when the provider refuses calls without saying until when. */
  readonly silentPauseMs: number;
  /** What refusals of this account taught by now, where several callers make its calls. */
  readonly refusals?: Refusals;
};

export const CALL_DEFAULTS = {
  token: null,
  headers: {},
  timeoutMs: 15_000,
  tokenRefused: ({ status }: HttpAnswer): boolean => status === 401,
  refusal: refusalOf,
  silentPauseMs: 30_000,
};

/** For how long an account with a spent quota is left alone that says nothing of when it has a new one. */
const QUOTA_PAUSE_MS = 900_000;

type Happened = { readonly answer: Result<HttpAnswer>; readonly ms: number };

function tellCalled(
  { called }: ProviderPorts,
  account: string,
  { method, path }: CallRequest,
  { lane, runs }: CallScope,
  { answer, ms }: Happened,
): void {
  const status = answer.ok ? answer.value.status : answer.failure.code;
  called?.({ account, method, path: path.split('?', 1)[0] ?? '', status, ms, lane, runs: runs?.() ?? [] });
}

/** What came of a request; `call` is its number among the account's, `null` when it was not sent. */
type Sent = { readonly answer: Result<HttpAnswer>; readonly call: number | null };

const endpointOf = ({ method, path, endpoint = path.split('?', 1)[0] }: CallRequest): string => `${method} ${endpoint}`;

function unsent(account: string, { endpoint, until, reason }: Slot & { kind: 'paused' }, now: number): Sent {
  const code = endpoint === undefined ? 'RATE_LIMITED' : 'ENDPOINT_LIMITED';
  const what = endpoint === undefined ? account : `${account} ${endpoint}`;
  return { answer: failed(failure(code, `${what} is paused: ${reason}`, until - now)), call: null };
}

/**
 * A caller for one provider account. Every request takes a slot of the governor first; an account that was told to keep silent
 * answers at once with RATE_LIMITED and the rest of the pause, an endpoint that was refused alone with ENDPOINT_LIMITED; a 401 costs
 * one new token and one more try; a refusal with a moment pauses the account, or the endpoint, for all processes.
 * @returns any 2xx with JSON, and those 4xx that the client must read itself; the rest are failures
 */
export function caller(options: CallerOptions, ports: ProviderPorts): Call {
  const { origin, account, token, refusals = refusalsOf() } = options;

  const inTurn = aloneAtFirst();

  const sendNow = async (request: CallRequest, bearer: string | null, scope: CallScope): Promise<Sent> => {
    const slot = await admission(ports.governor, account, { ...scope, endpoint: endpointOf(request) }, ports.now);
    if (slot.kind === 'paused') return unsent(account, slot, ports.now());
    const call = refusals.sent();
    const sentAt = performance.now();
    const written = (): void => slot.used?.('written');
    const answer = await ports.http(
      {
        method: request.method,
        url: `${origin}${request.path}`,
        headers: {
          accept: 'application/json',
          ...options.headers,
          ...(request.body === null ? {} : { 'content-type': 'application/json' }),
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        },
        body: request.body === null ? null : JSON.stringify(request.body),
        timeoutMs: options.timeoutMs,
      },
      written,
    );
    written();
    tellCalled(ports, account, request, scope, { answer, ms: Math.round(performance.now() - sentAt) });
    return { answer, call };
  };
  const send: typeof sendNow = (...request) => inTurn(() => sendNow(...request));

  const sendWithToken = async (
    source: TokenSource,
    request: CallRequest,
    scope: CallScope,
    triesLeft: number,
  ): Promise<Sent> => {
    const bearer = await source.current();
    if (!bearer.ok) return { answer: bearer, call: null };
    const sent = await send(request, bearer.value, scope);
    if (!sent.answer.ok || triesLeft === 0 || !options.tokenRefused(sent.answer.value)) return sent;
    source.refused(bearer.value);
    return sendWithToken(source, request, scope, triesLeft - 1);
  };

  /** @returns the refusal as it is to be told: one of an endpoint alone is trouble of that alone */
  const noteRefusal = async (refusal: Failure, request: CallRequest, call: number): Promise<Failure> => {
    const { code, retryAfterMs, message } = refusal;
    const { governor } = ports;
    const until = (otherwiseMs: number): number => ports.now() + (retryAfterMs ?? otherwiseMs);
    if (code === 'QUOTA_SPENT') await governor.pause(account, until(QUOTA_PAUSE_MS), message);
    else if (code === 'RATE_LIMITED') {
      const endpoint = endpointOf(request);
      if (refusals.refused(endpoint, call, retryAfterMs) === 'endpoint') {
        await governor.pauseEndpoint(account, endpoint, until(options.silentPauseMs), message);
        return { ...refusal, code: 'ENDPOINT_LIMITED' };
      }
      await governor.pause(account, until(options.silentPauseMs), message);
      await governor.tooFast?.(account);
    } else if (classOf(code) === 'provider' && retryAfterMs !== null) await governor.pause(account, until(0), message);
    return refusal;
  };

  const understood = async (answer: HttpAnswer, request: CallRequest, call: number): Promise<Result<HttpAnswer>> => {
    const told = options.toldPerSecond?.(answer) ?? null;
    if (told !== null) ports.governor.told?.(account, told);
    const what = `${request.method} ${origin}${request.path.split('?', 1)[0]}`;
    const refusal = options.refusal(answer, what, ports.now());
    if (refusal !== null) return failed(await noteRefusal(refusal, request, call));
    if (answer.status !== 429) refusals.answered(endpointOf(request), call);
    return ok(answer);
  };

  return async (request, scope) => {
    const sent = await (token === null ? send(request, null, scope) : sendWithToken(token, request, scope, 1));
    return sent.answer.ok && sent.call !== null ? understood(sent.answer.value, request, sent.call) : sent.answer;
  };
}
