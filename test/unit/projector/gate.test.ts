import { expect, test } from 'vitest';
import { gate } from '#adapters/postgres/gate.ts';

test('a gate lets so many through at a time, the others in the order in which they came, also past one that throws', async () => {
  const through = gate(2);
  const begun: number[] = [];
  const held = [0, 1, 2, 3].map(() => Promise.withResolvers<number>());
  const results = held.map(({ promise }, n) =>
    through(() => {
      begun.push(n);
      return promise;
    }).catch((error: Error) => error.message),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  held[1]?.reject(new Error('no'));
  expect(await results[1]).toBe('no');
  expect(begun).toEqual([0, 1, 2]);
  for (const [n, { resolve }] of held.entries()) resolve(n);
  expect(await Promise.all(results)).toEqual([0, 'no', 2, 3]);
  expect(await through(async () => 'again')).toBe('again');
});
