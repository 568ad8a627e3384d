import { isDeepStrictEqual } from 'node:util';
import type { Part } from '#track/sections/part.ts';

/**
 * A part as its phase writes it. Where it says something else than the one it replaces it is at least 1 ms younger: of two parts
 * the later wins wherever events are merged, and an answer out of the ledger can be older than the part that it corrects (the ISRC
 * or the writers changed).
 * @param before the part that the event came with, or `null`
 */
export function superseding<Facts>(before: Part<unknown> | null, part: Part<Facts>): Part<Facts> {
  if (before === null) return part;
  const isSame = before.askedBy === part.askedBy && isDeepStrictEqual(before.value, part.value);
  return { ...part, fetchedAt: Math.max(part.fetchedAt, before.fetchedAt + (isSame ? 0 : 1)) };
}
