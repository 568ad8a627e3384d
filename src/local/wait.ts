import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `check` every `everyMs` until it says true.
 * Returns false when `withinMs` have passed; an exception of `check` is passed on.
 */
export const until = async (
  check: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 25,
): Promise<boolean> => {
  const deadline = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() >= deadline) return false;
    await pause(everyMs);
  }
  return true;
};
