import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { GRANT_LAPSES_MS } from '#providers/budget.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const forever = new AbortController().signal;
const governorOf = (perSecond: number, burst: number) => memoryGovernor({ api: { perSecond, burst } }, Date.now);

describe('the governor in memory', () => {
  test('grants a burst at once and the rest evenly', async () => {
    const governor = governorOf(10, 3);
    const start = Date.now();
    const granted: number[] = [];
    for (let n = 0; n < 6; n += 1)
      void governor.slot('api', 'live', forever).then(() => granted.push(Date.now() - start));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(granted).toEqual([0, 0, 0, 100, 200, 300]);
  });

  test('saves up no more than a burst in a silence', async () => {
    const governor = governorOf(10, 2);
    await vi.advanceTimersByTimeAsync(60_000);
    const start = Date.now();
    const granted: number[] = [];
    for (let n = 0; n < 4; n += 1)
      void governor.slot('api', 'live', forever).then(() => granted.push(Date.now() - start));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(granted).toEqual([0, 0, 100, 200]);
  });

  test('gives a replay its twentieth slot while live requests wait, and every slot that they leave', async () => {
    const governor = governorOf(1, 1);
    const order: string[] = [];
    for (let n = 0; n < 3; n += 1) void governor.slot('api', 'replay', forever).then(() => order.push('replay'));
    for (let n = 0; n < 40; n += 1) void governor.slot('api', 'live', forever).then(() => order.push('live'));
    await vi.advanceTimersByTimeAsync(45_000);
    const places = order.flatMap((lane, place) => (lane === 'replay' ? [place] : []));
    expect([order.length, places]).toEqual([43, [0, 20, 40]]);
  });

  test('rejects with the reason of the signal, and the place in the line is free', async () => {
    const governor = governorOf(1, 1);
    await governor.slot('api', 'live', forever);
    const gone = new AbortController();
    const waiting = governor.slot('api', 'live', gone.signal);
    const next = governor.slot('api', 'live', forever);
    gone.abort('partition lost');
    await expect(waiting).rejects.toBe('partition lost');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await next).toMatchObject({ kind: 'granted' });
  });

  test('answers with the pause at once, also those who wait already', async () => {
    const governor = governorOf(1, 1);
    await governor.slot('api', 'live', forever);
    const waiting = governor.slot('api', 'live', forever);
    const until = Date.now() + 3_600_000;
    await governor.pause('api', until, '429');
    const paused = { kind: 'paused', until, reason: '429' };
    expect([await waiting, await governor.slot('api', 'live', forever)]).toEqual([paused, paused]);
  });

  test('keeps the later of two pauses and grants again after it', async () => {
    const governor = governorOf(1, 1);
    const until = Date.now() + 10_000;
    await governor.pause('api', until, 'long');
    await governor.pause('api', until - 5_000, 'short');
    expect(await governor.paused('api')).toEqual({ until, reason: 'long' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect([await governor.paused('api'), await governor.slot('api', 'live', forever)]).toEqual([
      null,
      { kind: 'granted', lapsesAt: Date.now() + GRANT_LAPSES_MS },
    ]);
  });

  test('knows no account that it was not given', async () => {
    await expect(governorOf(1, 1).slot('other', 'live', forever)).rejects.toThrow('no budget for other');
  });
});
