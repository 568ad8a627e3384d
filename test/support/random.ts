/** A source of numbers at least 0 and below 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of several things. */
export function oneOf<Thing>(things: readonly Thing[], random: () => number): Thing {
  const chosen = things[Math.floor(random() * things.length)];
  if (chosen === undefined) throw new Error('There is nothing to choose from.');
  return chosen;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Valid track ids that nobody has used; the sandbox knows a track for each of them. */
export const someTrackIds = (count: number, random: () => number): readonly string[] =>
  Array.from({ length: count }, () => Array.from({ length: 22 }, () => oneOf([...BASE62], random)).join(''));
