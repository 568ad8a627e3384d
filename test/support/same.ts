import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/**
 * Expects what `expect(actual).toEqual(expected)` does, many times as fast where they are equal: for properties of large values.
 * @param actual what came out
 * @param expected what it has to equal
 */
export const expectSame = (actual: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
};
