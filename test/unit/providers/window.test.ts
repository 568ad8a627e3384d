import { describe, expect, test } from 'vitest';
import { windowOf } from '#providers/window.ts';

describe('the window of a process', () => {
  test('lets so many calls leave at once, and the next when the first is a window old', () => {
    const window = windowOf({ window: { calls: 2, ms: 1_000 } });
    window.left(0);
    expect(window.wait(400)).toBe(0);
    window.left(400);
    expect(window.wait(500)).toBe(510);
    window.left(1_010);
    expect([window.wait(1_010), window.wait(1_410)]).toEqual([400, 0]);
  });

  test('makes nobody wait where no window is known', () => {
    const window = windowOf({});
    for (let n = 0; n < 100; n += 1) window.left(0);
    expect(window.wait(0)).toBe(0);
  });
});
