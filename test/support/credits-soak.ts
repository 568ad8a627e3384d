import { setTimeout as pause } from 'node:timers/promises';
import type { Chromium } from '#local/chromium.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { draw } from '#sandbox/catalogue/draw.ts';
import { startSandbox } from '#sandbox/start.ts';
import { type Measured, runMeasured } from '#test/bench/support/measured-process.ts';
import { browsersBelow, descendants, isAlive, tabsBelow } from './browser-processes.ts';

export type Soak = {
  readonly pages: number;
  /** A tab or the browser is killed each time so many more pages have been asked for. */
  readonly crashEvery: number;
  readonly tabs: number;
  readonly seed: string;
  readonly chromium: Pick<Chromium, 'path' | 'args'>;
  readonly progress?: (line: string) => void;
};

export type Soaked = Pick<Measured, 'samples' | 'seconds'> & {
  /** How many times each was killed. */
  readonly crashes: { tab: number; browser: number };
  /** Tracks whose event went on with a report; those of them that failed, and that were tried more than once; letters. */
  readonly reported: number;
  readonly failed: number;
  readonly repeated: number;
  readonly letters: number;
  /** Processes of browsers and guards that are alive when the worker has ended, and tabs by the sandbox's count. */
  readonly left: number;
  readonly tabsLeft: number;
  readonly mostTabs: number;
};

/** How long what was killed with the worker may take to be gone. */
const GONE_MS = 5_000;

/** Which kill comes at a turn: four of five hit a tab. */
const isTabKill = (seed: string, turn: number): boolean => draw(seed, 'crash', turn).chance(0.8, 'tab');

/** All that belongs to browsers below this process. */
const browserProcesses = (): readonly number[] =>
  descendants(process.pid).flatMap(({ pid, command }) =>
    /--remote-debugging-pipe|--type=|guard\.mjs/.test(command) ? [pid] : [],
  );

/** Kills a tab or the browser below this process; null when there is none to kill just now. */
function crash(seed: string, turn: number): 'tab' | 'browser' | null {
  const kind = isTabKill(seed, turn) ? 'tab' : 'browser';
  const found = kind === 'tab' ? tabsBelow(process.pid) : browsersBelow(process.pid);
  const victim = found[draw(seed, 'crash', turn).below(found.length, 'victim')];
  if (victim === undefined) return null;
  try {
    process.kill(victim, 'SIGKILL');
    return kind;
  } catch {
    return null;
  }
}

/** Reads pages of the stand-in, all of which can be read, while tabs and browsers are killed under the stage. */
export async function soak(options: Soak): Promise<Soaked> {
  const { pages, crashEvery, tabs, seed, chromium } = options;
  const sandbox = await startSandbox({
    pace: 'zero',
    latency: { 'web-player/track-page': [20, 60] },
  });
  const crashes = { tab: 0, browser: 0 };
  const processes = new Set<number>();
  const look = (): void => {
    const asked = sandbox.calls().providers['web-player']?.endpoints['track-page']?.calls ?? 0;
    const turn = crashes.tab + crashes.browser + 1;
    if (asked < turn * crashEvery || turn * crashEvery > pages) return;
    for (const pid of browserProcesses()) processes.add(pid);
    const kind = crash(seed, turn);
    if (kind !== null) crashes[kind] += 1;
  };
  const looking = setInterval(look, 50);
  try {
    const ids = createCatalogue().find.lifelike(pages);
    const order = { webUrl: sandbox.urls.SPOTIFY_WEB_URL, ids, tabs, chromium };
    const { samples, seconds } = await runMeasured(new URL('./credits-soak-worker.ts', import.meta.url), {
      env: { SOAK: JSON.stringify(order) },
      total: pages,
      lastStep: 'reported',
      progress: options.progress ?? (() => undefined),
      profileIn: null,
    });
    clearInterval(looking);
    const alive = (): number => [...processes].filter(isAlive).length;
    const patience = AbortSignal.timeout(GONE_MS);
    while ((alive() > 0 || sandbox.tabs().now > 0) && !patience.aborted) await pause(50);
    const { reported = 0, failed = 0, repeated = 0, letters = 0 } = samples.at(-1)?.done ?? {};
    const { now, peak } = sandbox.tabs();
    return {
      samples,
      seconds,
      crashes,
      reported,
      failed,
      repeated,
      letters,
      left: alive(),
      tabsLeft: now,
      mostTabs: peak,
    };
  } finally {
    clearInterval(looking);
    await sandbox.stop();
  }
}
