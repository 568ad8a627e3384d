import { type HttpAnswer, refusalOf, retryAfterMs } from '#providers/http.ts';
import { msUntilReset } from '#providers/rate-headers.ts';
import { type Failure, failure } from '#stream/failure.ts';

/** How long one second's budget takes to come back when the answer does not say. */
const BUDGET_MS = 1_000;

/**
 * MusicBrainz says 503 for three different things. Above our own rate: the text says so, and `X-RateLimit-Zone` names a zone of
 * ours; the account pauses. Search or web servers shedding load (`search-global`, "currently busy"): their trouble, it passes
 * soon, and our rate is not to blame. Anything else with 503 is a service that is down.
 * Other statuses read as everywhere.
 */
export function refusalOfMusicBrainz(answer: HttpAnswer, what: string, now: number): Failure | null {
  if (answer.status !== 503) return refusalOf(answer, what, now);
  const wait =
    retryAfterMs(answer.headers['retry-after'], now) ?? msUntilReset(answer.headers['x-ratelimit-reset'], now);
  const zone = answer.headers['x-ratelimit-zone'] ?? '';
  if (/-global|^global/.test(zone) || answer.text.includes('currently busy')) {
    return failure('PROVIDER_ERROR', `${what} sheds load (${zone || 'busy'})`, wait);
  }
  if (answer.text.includes('rate limit') || zone !== '') {
    return failure('RATE_LIMITED', `${what} is above its rate (${zone || 'no zone named'})`, wait ?? BUDGET_MS);
  }
  return failure('PROVIDER_DOWN', `${what} answered 503`, wait);
}
