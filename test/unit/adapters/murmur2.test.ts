import { expect, test } from 'vitest';
import { murmur2, partitionOf } from '#adapters/memory/murmur2.ts';

// The vectors of Kafka's own UtilsTest.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('hashes %s as Java does', (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash);
});

test('cuts the sign bit off instead of negating, as Java clients do', () => {
  // -973932308 without its sign bit is 1173551340.
  expect(partitionOf(Buffer.from('21'), 6)).toBe(1173551340 % 6);
});

test('hashes a view into a larger buffer by its own bytes', () => {
  expect(murmur2(Buffer.from('__foobar__').subarray(2, 8))).toBe(-790332482);
});
