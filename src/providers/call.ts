import { classOf, type Failure, failure } from '#stream/failure.ts';
import { failed, type Result } from '#stream/result.ts';
import { admission } from './admission.ts';
import type { CallScope } from './call-scope.ts';
import { type HttpAnswer, refusalOf } from './http.ts';
import type { ProviderPorts } from './provider-ports.ts';
import type { TokenSource } from './token.ts';

export type CallRequest = {
  readonly method: 'GET' | 'POST';
  /** From the slash on, query included. */
  readonly path: string;
  /** Sent as JSON; `null` for no body. */
  readonly body: unknown;
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
};

export const CALL_DEFAULTS = {
  token: null,
  headers: {},
  timeoutMs: 15_000,
  tokenRefused: ({ status }: HttpAnswer): boolean => status === 401,
  refusal: refusalOf,
  silentPauseMs: 30_000,
};

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

/**
 * A caller for one provider account. Every request takes a slot of the governor first; an account that was told to keep silent
 * answers at once with RATE_LIMITED and the rest of the pause; a 401 costs one new token and one more try; a refusal with a
 * moment pauses the account for all processes.
 * @returns any 2xx with JSON, and those 4xx that the client must read itself; the rest are failures
 */
export function caller(options: CallerOptions, ports: ProviderPorts): Call {
  const { origin, account, token } = options;

  const send = async (request: CallRequest, bearer: string | null, scope: CallScope): Promise<Result<HttpAnswer>> => {
    const slot = await admission(ports.governor, account, scope, ports.now);
    if (slot.kind === 'paused') {
      return failed(failure('RATE_LIMITED', `${account} is paused: ${slot.reason}`, slot.until - ports.now()));
    }
    const sentAt = performance.now();
    const answer = await ports.http({
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
    });
    tellCalled(ports, account, request, scope, { answer, ms: Math.round(performance.now() - sentAt) });
    return answer;
  };

  const sendWithToken = async (source: TokenSource, request: CallRequest, scope: CallScope, triesLeft: number) => {
    const bearer = await source.current();
    if (!bearer.ok) return bearer;
    const answer = await send(request, bearer.value, scope);
    if (!answer.ok || triesLeft === 0 || !options.tokenRefused(answer.value)) return answer;
    source.refused(bearer.value);
    return sendWithToken(source, request, scope, triesLeft - 1);
  };

  const noteRefusal = async (refusal: Failure): Promise<void> => {
    const { code, retryAfterMs, message } = refusal;
    const refusesCalls = code === 'RATE_LIMITED' || code === 'QUOTA_SPENT';
    if (!refusesCalls && (classOf(code) !== 'provider' || retryAfterMs === null)) return;
    await ports.governor.pause(account, ports.now() + (retryAfterMs ?? options.silentPauseMs), message);
  };

  return async (request, scope) => {
    const answer = await (token === null ? send(request, null, scope) : sendWithToken(token, request, scope, 1));
    if (!answer.ok) return answer;
    const told = options.toldPerSecond?.(answer.value) ?? null;
    if (told !== null) ports.governor.told?.(account, told);
    const what = `${request.method} ${origin}${request.path.split('?', 1)[0]}`;
    const refusal = options.refusal(answer.value, what, ports.now());
    if (refusal === null) return answer;
    await noteRefusal(refusal);
    return failed(refusal);
  };
}
