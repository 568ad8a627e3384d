import { describe, expect, test } from 'vitest';
import { beginRate, type LearnedRate, refusedRate, usedRate } from '#providers/learned-rate.ts';
import { meterOf } from '#sandbox/http/quota.ts';

const MINUTE = 60_000;

describe('a learned rate', () => {
  test('rises while it is used up, a step each quarter of a minute, to no more than five times its base', () => {
    const begun = beginRate(2, 0);
    expect(usedRate(begun, 14_999)).toEqual(begun);
    expect(usedRate(begun, 15_000)).toEqual({ ...begun, perSecond: 2.2, movedAt: 15_000 });
    const late = Array.from({ length: 1_000 }, (_, n) => n * 15_000).reduce(usedRate, begun);
    expect(late.perSecond).toBe(10);
  });

  test('falls by a share when it is refused, once for all calls that are refused together', () => {
    const begun = beginRate(2, 0);
    const refused = refusedRate(begun, 1_000);
    expect(refused).toEqual({ ...begun, perSecond: 1.74, movedAt: 1_000, refused: { at: 1_000, perSecond: 2 } });
    expect(refusedRate(refused, 10_999)).toEqual(refused);
    expect(refusedRate(refused, 11_000).perSecond).toBeCloseTo(1.74 * 0.87);
  });

  test('never falls to nothing', () => {
    const low = Array.from({ length: 1_000 }, (_, n) => n * 10_000).reduce(refusedRate, beginRate(2, 0));
    expect(low.perSecond).toBe(0.02);
  });

  test('rises slowly after a refusal: it takes minutes to be refused again', () => {
    const refused = refusedRate(beginRate(3, 0), 0);
    const moments = Array.from({ length: 4 * 6 }, (_, n) => (n + 1) * 15_000);
    expect(moments.reduce(usedRate, refused).perSecond).toBeLessThan(3);
  });
});

/** Calls as fast as the learned rate allows against a limit that nobody knows; what the provider saw. */
function played(limit: { readonly windowMs: number; readonly calls: number }, base: number, forMs: number) {
  const meter = meterOf({ ...limit, refusedCount: false });
  const refusals: number[] = [];
  const taken: number[] = [];
  let rate: LearnedRate = beginRate(base, 0);
  let now = 0;
  while (now < forMs) {
    const { exceeded, resetAt } = meter(now);
    if (exceeded) {
      refusals.push(now);
      rate = refusedRate(rate, now);
      now = Math.max(now + 1_000, Math.ceil((resetAt - now) / 1_000) * 1_000 + now);
    } else {
      taken.push(now);
      now += 1_000 / rate.perSecond;
    }
    rate = usedRate(rate, now);
  }
  return { refusals, taken };
}

test.each([
  ['90 calls in 30 seconds', { windowMs: 30_000, calls: 90 }],
  ['120 calls in a minute', { windowMs: 60_000, calls: 120 }],
  ['30 calls in 30 seconds', { windowMs: 30_000, calls: 30 }],
] as const)(
  'an unpublished limit of %s is found and well used, and refuses once in five minutes at most',
  (_, limit) => {
    const from = 15 * MINUTE;
    const end = 50 * MINUTE;
    const { refusals, taken } = played(limit, 2, end);
    const use = taken.filter((at) => at >= from).length / (((end - from) / limit.windowMs) * limit.calls);
    const held = refusals.filter((at) => at >= from);
    expect(use).toBeGreaterThanOrEqual(0.85);
    expect(held.length).toBeLessThanOrEqual((end - from) / (5 * MINUTE));
    const nearest = Math.min(...held.slice(1).map((at, index) => at - (held[index] ?? 0)));
    expect(nearest).toBeGreaterThanOrEqual(5 * MINUTE);
  },
);
