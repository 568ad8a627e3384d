import { type Failure, failure } from '#stream/failure.ts';
import type { Result } from '#stream/result.ts';

/** One HTTP exchange. `url` is absolute; `timeoutMs` covers everything up to the last byte of the body. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
};

/** What came back, whatever the status. */
export type HttpAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; `null` when it is empty or no JSON (an HTML error page, a body that was cut). */
  readonly json: unknown;
  /** The first 500 characters of the body, as evidence. */
  readonly text: string;
};

/**
 * The port to the network. Never rejects for trouble on the way: TIMEOUT, CONNECTION (cut), PROVIDER_DOWN (refused, no such
 * host, unreachable: nobody gets through, so it is no fault of one record). Adapter: `adapters/http/fetch.ts`.
 * `written` is told when the request was written to a connection, which may not have been there before.
 */
export type Http = (request: HttpRequest, written?: () => void) => Promise<Result<HttpAnswer>>;

/**
 * Reads `Retry-After`, which is whole seconds or an HTTP date.
 * @param now milliseconds since the epoch
 * @returns milliseconds to wait, or `null` when the header is absent or unreadable
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1000));
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * Whether a 429 is for a quota that is spent and not for a rate: no slower pace would have helped. Spotify says so by
 * `reason: "QUOTA_EXCEEDED"` since July 2026 (Web API changelog).
 */
export const isQuotaSpent = ({ status, text }: HttpAnswer): boolean =>
  status === 429 && /QUOTA[ _]EXCEEDED/i.test(text);

/**
 * The failure that an answer's status stands for, the same for most providers; `null` when the client shall read it itself
 * (2xx with JSON, and 4xx such as 400, 403, 404 that mean something of the key or the account).
 * 503 counts as the whole provider's trouble: the stage pauses instead of burning attempts.
 * @param what the call for people, for example `GET https://api.spotify.com/v1/tracks`; no query, no secret
 */
export function refusalOf(answer: HttpAnswer, what: string, now: number): Failure | null {
  const { status } = answer;
  const wait = retryAfterMs(answer.headers['retry-after'], now);
  if (status === 401) return failure('UNAUTHORIZED', `${what} answered 401`);
  if (isQuotaSpent(answer)) return failure('QUOTA_SPENT', `${what}: quota spent`, wait);
  if (status === 429) return failure('RATE_LIMITED', `${what} answered 429`, wait);
  if (status === 503) return failure('PROVIDER_DOWN', `${what} answered 503`, wait);
  if (status === 408) return failure('TIMEOUT', `${what} answered 408`);
  if (status >= 500) return failure('PROVIDER_ERROR', `${what} answered ${status}`, wait);
  if (status < 300 && answer.json === null) return failure('PROVIDER_ERROR', `${what} answered ${status} without JSON`);
  return null;
}
