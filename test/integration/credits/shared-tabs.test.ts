import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { chromiumArgs, chromiumPath } from '#test/support/addresses.ts';
import { browsersBelow, descendants, isAlive } from '#test/support/browser-processes.ts';
import { type PreparedPools, preparedPools } from '#test/support/pools.ts';
import { type Child, startChild } from '#test/support/processes.ts';

const TABS = 3;
const LEASE_MS = 3_000;

let pools: PreparedPools;
let sandbox: Sandbox;
const children: Child[] = [];

beforeAll(async () => {
  pools = await preparedPools();
  sandbox = await startSandbox({ pace: 'zero', latency: { 'web-player/track-page': [400, 400] } });
});
afterAll(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await sandbox.stop();
  await pools.close();
});

const start = (): Child => {
  const child = startChild([resolve('test/support/reading-worker.ts')], {
    DATABASE_URL: pools.url,
    PAGE_URL: `${sandbox.urls.SPOTIFY_WEB_URL}/track/nobody`,
    TABS: String(TABS),
    LEASE_MS: String(LEASE_MS),
    CHROMIUM: chromiumPath(),
    CHROMIUM_ARGS: JSON.stringify(chromiumArgs()),
  });
  children.push(child);
  return child;
};

const said = (child: Child): readonly string[] => child.out().split('\n').slice(0, -1);
const pagesOf = (child: Child): number => said(child).filter((line) => line === '404').length;
const readOn = (child: Child, pages: number): Promise<void> => {
  const due = pagesOf(child) + pages;
  return expect.poll(() => pagesOf(child), { timeout: 30_000 }).toBeGreaterThanOrEqual(due);
};

/** The most pages that were being read at a time since a moment, as the sandbox saw them come and go. */
function mostAtOnce(since: number): number {
  const pages = sandbox.eachCall().filter(({ endpoint, at }) => endpoint === 'track-page' && Date.parse(at) >= since);
  const changes = pages.flatMap(({ at, ms }) => [
    { moment: Date.parse(at), by: 1 },
    { moment: Date.parse(at) + ms, by: -1 },
  ]);
  let open = 0;
  // Who leaves in the same millisecond leaves first.
  return Math.max(
    ...changes
      .sort((one, other) => one.moment - other.moment || one.by - other.by)
      .map(({ by }) => {
        open += by;
        return open;
      }),
  );
}

it('three workers never have more tabs than configured, and as many; one is stopped and one killed on the way', async () => {
  const [lasting, stopped, killed] = [start(), start(), start()];
  await Promise.all([lasting, stopped, killed].map((child) => readOn(child, 2)));

  await expect.poll(() => said(stopped).at(-1), { interval: 5, timeout: 30_000 }).toBe('reading');
  process.kill(stopped.pid, 'SIGSTOP');
  await expect.poll(() => browsersBelow(stopped.pid), { timeout: LEASE_MS + 2_000 }).toEqual([]);
  await readOn(lasting, 2);
  process.kill(stopped.pid, 'SIGCONT');
  await readOn(stopped, 1);

  await expect.poll(() => said(killed).at(-1), { interval: 5, timeout: 30_000 }).toBe('reading');
  const tree = descendants(killed.pid).map(({ pid }) => pid);
  await killed.kill();
  const afterwards = Date.now();
  await expect.poll(() => tree.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  // The place of the killed one is another's when its lease has run out.
  await expect.poll(() => mostAtOnce(afterwards), { timeout: LEASE_MS + 20_000 }).toBe(TABS);
  expect(mostAtOnce(0)).toBe(TABS);
}, 120_000);
