import { expect, test } from 'vitest';
import { isAlarming } from '#app/doctor/drift.ts';

test('one answer of an API in a new shape is told by the doctor, a page read from its dialog now and then is not', () => {
  expect(isAlarming({ kind: 'track', mismatches: 1, answers: 1_000 })).toBe(true);
  expect(isAlarming({ kind: 'page', mismatches: 10, answers: 100 })).toBe(false);
  expect(isAlarming({ kind: 'page', mismatches: 11, answers: 100 })).toBe(true);
});
