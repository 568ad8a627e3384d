import type { Budget } from './budget.ts';

/** How much longer than the window is waited for: what the way to the provider takes varies by so much and more. */
const PAD_MS = 10;

/** The calls of this process in a provider's window, whatever was granted: a late one moves those after it. */
export type Window = {
  /** How many milliseconds after this moment the next call may leave. */
  wait(at: number): number;
  left(at: number): void;
};

/** Moments are monotonic milliseconds. */
export function windowOf({ window }: Pick<Budget, 'window'>): Window {
  if (window === undefined) return { wait: () => 0, left: () => undefined };
  const { calls, ms } = window;
  let latest: number[] = [];
  return {
    wait: (at) => {
      const first = latest.length < calls ? undefined : latest[0];
      return first === undefined ? 0 : Math.max(0, first + ms + PAD_MS - at);
    },
    left: (at) => {
      latest = [...latest, at].slice(-calls);
    },
  };
}
