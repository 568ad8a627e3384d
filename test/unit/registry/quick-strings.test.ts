import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainType } from '#adapters/registry/plain.ts';
import { quickenStrings } from '#adapters/registry/quick-strings.ts';

const type = plainType('"string"');

it('writes texts of every length and script in the bytes that avsc writes by itself', () => {
  const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 120 }), { seed: 5, numRuns: 500 });
  const before = texts.map((text) => type.toBuffer(text));
  quickenStrings();
  expect(texts.map((text) => type.toBuffer(text))).toEqual(before);
});
