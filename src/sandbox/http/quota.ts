/**
 * A rate limit: at most `calls` in any `windowMs`; refused calls count too where a provider punishes insisting. With `penaltyMs`
 * a refused caller has to be silent for as long as it was told, and every call before then adds so much to the silence, save those
 * that were on their way when the first was refused.
 */
export type Limit = { windowMs: number; calls: number; refusedCount: boolean; penaltyMs?: number };

/** Where a caller stands: `remaining` calls until `resetAt` (milliseconds since 1970). */
export type Quota = { limit: number; remaining: number; resetAt: number; exceeded: boolean };

/** Counts one call at a time of the clock and tells whether it is within the limit. */
export type Meter = (now: number) => Quota;

const ON_ITS_WAY_MS = 1_000;

/** Makes the sliding-window meter of a limit. */
export function meterOf({ windowMs, calls, refusedCount, penaltyMs = 0 }: Limit): Meter {
  let taken: number[] = [];
  let silentUntil = 0;
  let silentSince = 0;
  const silence = (now: number, windowOpens: number): number => {
    if (penaltyMs === 0) return windowOpens;
    if (now >= silentUntil) {
      silentSince = now;
      silentUntil = windowOpens;
    } else if (now > silentSince + ON_ITS_WAY_MS) silentUntil += penaltyMs;
    return silentUntil;
  };
  return (now) => {
    taken = taken.filter((at) => at > now - windowMs);
    const exceeded = taken.length >= calls || now < silentUntil;
    if (!exceeded || refusedCount) taken.push(now);
    const windowOpens = (taken.at(-calls) ?? taken[0] ?? now) + windowMs;
    const resetAt = exceeded ? silence(now, windowOpens) : windowOpens;
    return { limit: calls, remaining: Math.max(0, calls - taken.length), resetAt, exceeded };
  };
}
