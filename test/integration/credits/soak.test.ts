import { expect, it } from 'vitest';
import { chromiumArgs, chromiumPath } from '#test/support/addresses.ts';
import { soak } from '#test/support/credits-soak.ts';

it('every track ends with a report while tabs and browsers crash, and no process or tab is left', async () => {
  const soaked = await soak({
    pages: 60,
    crashEvery: 10,
    tabs: 3,
    seed: 'crash',
    chromium: { path: chromiumPath(), args: chromiumArgs() },
  });
  const { crashes, reported, failed, letters, left, tabsLeft } = soaked;
  expect({ reported, failed, letters, left, tabsLeft }).toEqual({
    reported: 60,
    failed: 0,
    letters: 0,
    left: 0,
    tabsLeft: 0,
  });
  expect(crashes.tab).toBeGreaterThan(0);
  expect(crashes.browser).toBeGreaterThan(0);
});
