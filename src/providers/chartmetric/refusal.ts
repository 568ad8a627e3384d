import { type HttpAnswer, isQuotaSpent, refusalOf, retryAfterMs } from '#providers/http.ts';
import { msUntilReset } from '#providers/rate-headers.ts';
import { type Failure, failure } from '#stream/failure.ts';

/** The reset is a whole second, and calls while limited move it on: never come back earlier than this. */
const SHORTEST_PAUSE_MS = 1_000;

/**
 * Paths that do not exist fall through to an internal API, which answers 401 and speaks of expired sessions. No token mends
 * that: it is a wrong route, or one that the plan does not have.
 */
export const isUnknownRoute = ({ status, text }: HttpAnswer): boolean =>
  status === 401 && text.includes('internal API endpoint');

/**
 * Chartmetric's own words: 429 until `X-RateLimit-Reset` (which can be the text `false`). The 401 of an unknown route is for the
 * client to read: it says something of the account, not of the track.
 */
export function refusalOfChartmetric(answer: HttpAnswer, what: string, now: number): Failure | null {
  if (isUnknownRoute(answer)) return null;
  if (answer.status !== 429 || isQuotaSpent(answer)) return refusalOf(answer, what, now);
  const { 'retry-after': after, 'x-ratelimit-reset': reset } = answer.headers;
  const wait = retryAfterMs(after, now) ?? msUntilReset(reset, now);
  return failure('RATE_LIMITED', `${what} answered 429`, wait === null ? null : Math.max(SHORTEST_PAUSE_MS, wait));
}
