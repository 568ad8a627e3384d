import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Chromium } from '#local/chromium.ts';
import { NODE_FLAGS, nodeEnvironment } from '#local/node-options.mjs';
import { treeUse } from '../support/process-tree.ts';

export type Order = {
  readonly way: 'own' | 'naive';
  readonly chromium: Pick<Chromium, 'path' | 'args'>;
  readonly webUrl: string;
  readonly ids: readonly string[];
  readonly tabs: number;
};

export type Word = { readonly word: 'ready' | 'page' } | { readonly word: 'ended'; readonly understood: number };

export type Ran = {
  /** From the first question to the last page that was read, the start of the browser included. */
  readonly seconds: number;
  /** Seconds of CPU of the worker and its browser, from the same moment until both have nothing left to do. */
  readonly cpu: number;
  /** Bytes: the most that worker and browser had at any time. */
  readonly peakRss: number;
  /** Pages of which count and people were read. */
  readonly understood: number;
};

const LOOK_MS = 250;

/** Reads the pages in a process of its own and watches it with all its browser's processes. */
export async function runReader(order: Order): Promise<Ran> {
  const child = fork(new URL('worker.ts', import.meta.url), {
    env: nodeEnvironment(process.cwd(), process.env),
    execArgv: [...NODE_FLAGS],
  });
  const pid = child.pid ?? 0;
  const broken = once(child, 'exit').then(() => Promise.reject(new Error('The process under test ended by itself.')));
  broken.catch(() => undefined);
  const ended = Promise.withResolvers<number>();
  const ready = Promise.withResolvers<void>();
  let last = 0;
  let cpu = 0;
  let peakRss = 0;
  child.on('message', (word: Word) => {
    if (word.word === 'ready') ready.resolve();
    if (word.word === 'page') last = performance.now();
    if (word.word === 'ended') ended.resolve(word.understood);
  });
  const look = (): void => {
    const now = treeUse(pid);
    // The time of a process that nobody waited for is gone with it; what was seen of it stays.
    cpu = Math.max(cpu, now.cpu);
    peakRss = Math.max(peakRss, now.rss);
  };
  await Promise.race([ready.promise, broken]);
  const before = treeUse(pid).cpu;
  const begun = performance.now();
  const looking = setInterval(look, LOOK_MS);
  try {
    child.send(order);
    const understood = await Promise.race([ended.promise, broken]);
    look();
    return { seconds: (last - begun) / 1_000, cpu: cpu - before, peakRss, understood };
  } finally {
    clearInterval(looking);
    child.kill('SIGKILL');
  }
}
