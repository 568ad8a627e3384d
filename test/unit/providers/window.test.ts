import { describe, expect, test } from 'vitest';
import { windowOf } from '#providers/window.ts';

describe('the window of a process', () => {
  const twoASecond = () => windowOf({ window: { calls: 2, ms: 1_000 } });

  test('lets so many calls leave at once, and the next when the first is a window old', () => {
    const window = twoASecond();
    window.leave()(0);
    expect(window.wait(400)).toBe(0);
    window.leave()(400);
    expect(window.wait(500)).toBe(510);
    window.leave()(1_010);
    expect([window.wait(1_010), window.wait(1_410)]).toEqual([400, 0]);
  });

  test('counts a call from when it was written, and holds the next back while that is not known', () => {
    const window = twoASecond();
    const first = window.leave();
    window.leave()(30);
    expect(window.wait(1_010)).toBe(30);
    first(340);
    expect([window.wait(1_010), window.wait(1_040)]).toEqual([30, 0]);
    window.leave()(1_040);
    expect(window.wait(1_100)).toBe(250);
  });

  test('never forgets a call that is not written yet, however many come after it', () => {
    const window = twoASecond();
    const slow = window.leave();
    for (const at of [0, 1_010, 2_020]) window.leave()(at);
    slow(2_500);
    expect(window.wait(2_600)).toBe(430);
  });

  test('does not count a call that will never be made', () => {
    const window = twoASecond();
    window.leave()(0);
    window.leave()(null);
    expect(window.wait(10)).toBe(0);
  });

  test('makes nobody wait where no window is known', () => {
    const window = windowOf({});
    for (let n = 0; n < 100; n += 1) window.leave();
    expect(window.wait(0)).toBe(0);
  });
});
