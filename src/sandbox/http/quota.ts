/** A rate limit: at most `calls` in any `windowMs`; refused calls count too where a provider punishes insisting. */
export type Limit = { windowMs: number; calls: number; refusedCount: boolean };

/** Where a caller stands: `remaining` calls until `resetAt` (milliseconds since 1970). */
export type Quota = { limit: number; remaining: number; resetAt: number; exceeded: boolean };

/** Counts one call at a time of the clock and tells whether it is within the limit. */
export type Meter = (now: number) => Quota;

/** Makes the sliding-window meter of a limit. */
export function meterOf({ windowMs, calls, refusedCount }: Limit): Meter {
  let taken: number[] = [];
  return (now) => {
    taken = taken.filter((at) => at > now - windowMs);
    const exceeded = taken.length >= calls;
    if (!exceeded || refusedCount) taken.push(now);
    const oldest = taken.at(-calls) ?? taken[0] ?? now;
    return { limit: calls, remaining: Math.max(0, calls - taken.length), resetAt: oldest + windowMs, exceeded };
  };
}
