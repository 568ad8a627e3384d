/** Time as a redrive sees it: milliseconds on a clock that only rises, and waiting on it. */
export type Stopwatch = {
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Lets things through at a rate. A portion waits for its share of time before it goes, never after: so a process that is killed and
 * started again and again never goes faster. What a portion took longer than its share is made up for by one portion at most.
 * @param rate things a second
 */
export function pace(rate: number, { now, sleep }: Stopwatch) {
  let next = now();
  return async (count: number, signal: AbortSignal): Promise<void> => {
    const share = (count * 1000) / rate;
    const at = now();
    next = Math.max(next, at - share) + share;
    if (next > at) await sleep(next - at, signal);
  };
}

/** Letters a transaction: a fifth of a second's, so that a rate is kept evenly. */
export const portionOf = (rate: number): number => Math.min(200, Math.max(1, Math.ceil(rate / 5)));
