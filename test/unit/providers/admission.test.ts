import { expect, test } from 'vitest';
import { admission } from '#providers/admission.ts';
import type { Governor, Slot } from '#providers/ports.ts';

const scope = { lane: 'live', signal: new AbortController().signal } as const;

/** A governor that answers these, one after the other. */
function answering(...slots: readonly Slot[]): Governor & { asked(): number } {
  let asked = 0;
  return {
    slot: async () => {
      asked += 1;
      return slots[asked - 1] ?? Promise.reject(new Error('asked too often'));
    },
    pause: async () => undefined,
    pauseEndpoint: async () => undefined,
    paused: async () => null,
    asked: () => asked,
  };
}

test('leave that lapsed before it could be used is asked for again', async () => {
  const governor = answering({ kind: 'granted', lapsesAt: 999 }, { kind: 'granted', lapsesAt: 1_000 });
  expect(await admission(governor, 'api', scope, () => 1_000)).toEqual({ kind: 'granted', lapsesAt: 1_000 });
  expect(governor.asked()).toBe(2);
});

test('a pause is told as it is', async () => {
  const paused: Slot = { kind: 'paused', until: 5_000, reason: '429' };
  expect(await admission(answering(paused), 'api', scope, () => 1_000)).toEqual(paused);
});
