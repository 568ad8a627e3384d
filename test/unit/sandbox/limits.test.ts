import { describe, expect, test } from 'vitest';
import { accountOf } from '#sandbox/http/account.ts';
import { faultsOf } from '#sandbox/http/faults.ts';
import { meterOf } from '#sandbox/http/quota.ts';
import { type Arrival, watchOf } from '#sandbox/http/violations.ts';

describe("a stand-in's limit", () => {
  const rolling = { windowMs: 30_000, calls: 3, refusedCount: false };

  test('counts over a rolling window: what was taken comes free 30 seconds after it was taken', () => {
    const meter = meterOf(rolling);
    const exceeded = [0, 10_000, 20_000, 29_999, 30_000, 39_999, 40_000].map((now) => meter(now).exceeded);
    expect(exceeded).toEqual([false, false, false, true, false, true, false]);
  });

  test('tells when the window opens', () => {
    const meter = meterOf(rolling);
    for (const now of [0, 5_000, 6_000]) meter(now);
    expect(meter(7_000)).toEqual({ limit: 3, remaining: 0, resetAt: 30_000, exceeded: true });
  });

  test('makes the silence longer for each call that insists, not for one on its way, and refuses although the window is open', () => {
    const meter = meterOf({ ...rolling, penaltyMs: 5_000 });
    for (const now of [0, 0, 0]) meter(now);
    const told = [1_000, 1_900, 2_100, 3_000].map((now) => meter(now).resetAt);
    expect([told, meter(39_000).exceeded, meter(45_000).exceeded]).toEqual([
      [30_000, 30_000, 35_000, 40_000],
      true,
      false,
    ]);
  });

  test('counts refused calls where a provider punishes insisting', () => {
    const meter = meterOf({ windowMs: 1_000, calls: 1, refusedCount: true });
    expect([0, 900, 1_800, 2_900].map((now) => meter(now).exceeded)).toEqual([false, true, true, false]);
  });
});

const AT = Date.UTC(2026, 6, 23);
const anArrival = (over: Partial<Arrival> = {}): Arrival => ({
  provider: 'spotify',
  account: 'app',
  endpoint: 'tracks',
  now: AT,
  quota: null,
  ids: 1,
  most: 50,
  lacksContact: false,
  ...over,
});
const exceededUntil = (resetAt: number) => ({ limit: 90, remaining: 0, resetAt, exceeded: true });

describe('the watch over limits', () => {
  const violationsOf = (...calls: readonly Arrival[]) => {
    const watch = watchOf();
    for (const call of calls) watch.arrived(call);
    return watch.list();
  };

  test('has nothing to say of proper calls', () => {
    expect(violationsOf(anArrival(), anArrival({ ids: 50 }))).toEqual({ total: 0, counts: {}, violations: [] });
  });

  test('lists a call over the budget, and how much too early it came', () => {
    expect(violationsOf(anArrival({ quota: exceededUntil(AT + 500) }))).toEqual({
      total: 1,
      counts: { spotify: { 'over-budget': 1 } },
      violations: [
        {
          at: '2026-07-23T00:00:00.000Z',
          provider: 'spotify',
          account: 'app',
          endpoint: 'tracks',
          broke: 'over-budget',
          earlyMs: 500,
          detail: 'more than 90 calls; free in 500 ms',
        },
      ],
    });
  });

  test('lets a call be 100 ms early', () => {
    expect(violationsOf(anArrival({ quota: exceededUntil(AT + 100) })).total).toBe(0);
  });

  test('lists calls while told to be silent, but none that was on its way, and none when the silence is over', () => {
    const watch = watchOf();
    watch.silenced({ provider: 'spotify', endpoint: null }, AT + 10_000, AT);
    for (const after of [450, 5_000, 9_950, 10_001]) watch.arrived(anArrival({ now: AT + after }));
    watch.arrived(anArrival({ provider: 'mlc', now: AT + 5_000 }));
    expect(watch.list().violations.map(({ provider, broke, earlyMs }) => ({ provider, broke, earlyMs }))).toEqual([
      { provider: 'spotify', broke: 'while-silent', earlyMs: 5_000 },
    ]);
  });

  test('lists calls of an endpoint that was told to be silent alone, and none of the others', () => {
    const watch = watchOf();
    watch.silenced({ provider: 'spotify', endpoint: 'audio-features' }, AT + 10_000, AT);
    for (const endpoint of ['tracks', 'audio-features']) watch.arrived(anArrival({ now: AT + 5_000, endpoint }));
    expect(watch.list().violations.map(({ endpoint, broke }) => [endpoint, broke])).toEqual([
      ['audio-features', 'while-silent'],
    ]);
  });

  test('lists batches that are too large, and callers without contact', () => {
    const { counts } = violationsOf(
      anArrival({ ids: 51 }),
      anArrival({ provider: 'musicbrainz', most: null, ids: 500, lacksContact: true }),
    );
    expect(counts).toEqual({ spotify: { 'over-batch': 1 }, musicbrainz: { 'no-contact': 1 } });
  });

  test('keeps the latest thousand, counts all, and forgets on demand', () => {
    const watch = watchOf();
    for (let call = 0; call < 1_200; call += 1) watch.arrived(anArrival({ ids: 51 }));
    const { total, violations } = watch.list();
    watch.reset();
    expect([total, violations.length, watch.list().total]).toEqual([1_200, 1_000, 0]);
  });
});

describe('the account of a call', () => {
  test('is what the caller shows, and never a secret', () => {
    const basic = `Basic ${Buffer.from('app:secret').toString('base64')}`;
    expect([
      accountOf({ authorization: basic }),
      accountOf({ 'user-agent': 'linernotes/1.0 ( me@example.org )' }),
      accountOf({ 'user-agent': 'node' }),
    ]).toEqual(['app', 'me@example.org', null]);
  });
});

describe('a fault with a share', () => {
  const hits = (seed: string, burst: number) => {
    const faults = faultsOf(seed);
    faults.set({ provider: 'spotify', mode: 'status:500', share: 0.3, burst });
    return Array.from({ length: 400 }, () => (faults.hit('spotify', 'tracks') === null ? '.' : 'x')).join('');
  };

  test('hits the same calls for the same seed', () => {
    expect([hits('a', 1), hits('a', 1) === hits('b', 1)]).toEqual([hits('a', 1), false]);
  });

  test('comes in bursts when ordered', () => {
    expect([
      hits('a', 10)
        .match(/.{10}/g)
        ?.every((ten) => new Set(ten).size === 1),
      /x/.test(hits('a', 10)),
    ]).toEqual([true, true]);
  });
});
