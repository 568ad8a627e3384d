import type { Budget } from './budget.ts';

/** How much longer than the window is waited for: what the way to the provider takes varies by so much and more. */
const PAD_MS = 10;
/** How soon it is looked again while a call that counts has its slot and is not written yet. */
const LOOK_AGAIN_MS = 5;
const NOT_YET = Number.POSITIVE_INFINITY;

/**
 * The calls of this process in a provider's window, whatever was granted. A call counts from when it is written, which on a new
 * connection is later than its slot: then it moves those after it.
 */
export type Window = {
  /** How many milliseconds after this moment it is worth asking again whether the next call may leave; 0: it may now. */
  wait(at: number): number;
  /** A call has its slot. @returns takes the moment when it was written, or `null` when it never will be */
  leave(): (writtenAt: number | null) => void;
};

/** Moments are monotonic milliseconds. */
export function windowOf({ window }: Pick<Budget, 'window'>): Window {
  if (window === undefined) return { wait: () => 0, leave: () => () => undefined };
  const { calls, ms } = window;
  /** So many that count, the latest last. */
  let latest: { at: number }[] = [];

  return {
    wait: (at) => {
      const first = latest.length < calls ? undefined : latest[0];
      if (first === undefined) return 0;
      return first.at === NOT_YET ? LOOK_AGAIN_MS : Math.max(0, first.at + ms + PAD_MS - at);
    },
    leave: () => {
      const call = { at: NOT_YET };
      latest = [...latest, call].slice(-calls);
      return (writtenAt) => {
        if (writtenAt === null) latest = latest.filter((one) => one !== call);
        else call.at = writtenAt;
        latest = latest.toSorted((one, other) => one.at - other.at);
      };
    },
  };
}
