import { isDeepStrictEqual } from 'node:util';

/** One text per value: keys sorted, so that equal values give equal texts and ties have one winner everywhere. */
export const canonical = (value: unknown): string => JSON.stringify(value, sortedKeys);

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The later of two by the given moment; a tie goes to the greater canonical text. `null` is no value and loses. */
export function later<Value>(a: Value | null, b: Value | null, at: (value: Value) => number): Value | null {
  if (a === null || b === null) return a ?? b;
  const difference = at(a) - at(b);
  if (difference !== 0) return difference > 0 ? a : b;
  // The usual tie is one fact that travelled on several topics, and comparing is far cheaper than writing both out.
  if (isDeepStrictEqual(a, b)) return a;
  return canonical(a) >= canonical(b) ? a : b;
}
