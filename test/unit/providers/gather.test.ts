import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gather } from '#providers/gather.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A gatherer of batches of ten that writes down when each went out and how many keys it had. */
function gathering(linger: Parameters<typeof gather>[1]) {
  const batches: { readonly at: number; readonly keys: number }[] = [];
  const start = Date.now();
  const ask = gather<number, number>(10, linger, async (keys) => {
    batches.push({ at: Date.now() - start, keys: keys.length });
    return keys;
  });
  const askMany = (count: number): void => {
    for (let key = 0; key < count; key += 1) void ask(key);
  };
  return { batches, askMany };
}

describe('gathering keys into batches', () => {
  test('a batch goes out when it is full, and the rest when its first key has waited long enough', async () => {
    const { batches, askMany } = gathering(1_000);
    askMany(12);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toEqual([
      { at: 0, keys: 10 },
      { at: 1_000, keys: 2 },
    ]);
  });

  test('where many keys come a part-filled batch waits longer; for a key alone it does not', async () => {
    const { batches, askMany } = gathering({ idleMs: 100, busyMs: 3_000 });
    askMany(1);
    await vi.advanceTimersByTimeAsync(100);
    askMany(13);
    await vi.advanceTimersByTimeAsync(2_000);
    askMany(6);
    await vi.advanceTimersByTimeAsync(1_000);
    await vi.advanceTimersByTimeAsync(20_000);
    askMany(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches).toEqual([
      { at: 100, keys: 1 },
      { at: 100, keys: 10 },
      { at: 3_100, keys: 9 },
      { at: 23_200, keys: 1 },
    ]);
  });

  test('who knows whether more is about to come decides how long is waited', async () => {
    let more = true;
    const { batches, askMany } = gathering({ idleMs: 100, busyMs: 3_000, isBusy: () => more });
    askMany(1);
    await vi.advanceTimersByTimeAsync(3_000);
    more = false;
    askMany(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(batches.map(({ at }) => at)).toEqual([3_000, 3_100]);
  });
});
