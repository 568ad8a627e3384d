import type { Clock } from '#stream/ports.ts';

/** A clock that stands still until a test moves it. Milliseconds since the epoch. */
export type MemoryClock = Clock & { readonly advance: (ms: number) => void };

export const memoryClock = (start: number): MemoryClock => {
  let now = start;
  return Object.assign(async () => now, {
    advance: (ms: number) => {
      now += ms;
    },
  });
};
