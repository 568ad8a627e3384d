import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS, nodeEnvironment } from '#local/node-options.mjs';
import type { Sample } from './samples.ts';

export type Measured = {
  /** Seconds from the first record that was done to the last. */
  readonly seconds: number;
  readonly samples: readonly Sample[];
  /** Seconds of CPU in the same time, all threads. */
  readonly cpu: number;
  /** Bytes, the most at any time. */
  readonly maxRss: number;
};

export type MeasuredOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Records that the last step has to do. */
  readonly total: number;
  readonly lastStep: string;
  readonly progress: (line: string) => void;
  /** A folder for a CPU profile; `null`: none is taken. */
  readonly profileIn: string | null;
};

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A process that does nothing for so long is stuck. */
const STUCK_MS = 60_000;

/** Runs a script in a process of its own, as `npm run linernotes` would run it, until its last step has done all records. */
export async function runMeasured(script: URL, options: MeasuredOptions): Promise<Measured> {
  const { lastStep, total, profileIn } = options;
  const child = fork(script, {
    env: nodeEnvironment(ROOT, { ...process.env, ...options.env }),
    execArgv: [...NODE_FLAGS, ...(profileIn === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileIn}`])],
  });
  const ended = once(child, 'exit');
  const samples: Sample[] = [];
  const finished = Promise.withResolvers<void>();
  child.on('message', (sample: Sample) => {
    if (isNews(samples.at(-1), sample, lastStep)) options.progress(`${sample.done[lastStep] ?? 0} of ${total}`);
    samples.push(sample);
    if ((sample.done[lastStep] ?? 0) >= total) finished.resolve();
  });
  const watch = setInterval(() => {
    if (isStuck(samples)) finished.reject(new Error(`Nothing was done for ${STUCK_MS} ms.`));
  }, 1_000);
  try {
    await Promise.race([
      finished.promise,
      ended.then(() => Promise.reject(new Error('The process under test ended.'))),
    ]);
    child.send('stop');
    await ended;
  } finally {
    clearInterval(watch);
    child.kill('SIGKILL');
  }
  const { seconds, cpu } = untilDone(samples, lastStep, total);
  return { seconds, cpu, samples, maxRss: samples.at(-1)?.maxRss ?? 0 };
}

const sum = (done: Sample['done']): number => Object.values(done).reduce((all, one) => all + one, 0);

/** Once in ten seconds. */
const isNews = (before: Sample | undefined, { at, done }: Sample, step: string): boolean =>
  before !== undefined && (done[step] ?? 0) > 0 && Math.floor(before.at / 10_000) !== Math.floor(at / 10_000);

function isStuck(samples: readonly Sample[]): boolean {
  const last = samples.at(-1);
  if (last === undefined) return false;
  const earlier = samples.findLast(({ at }) => at < last.at - STUCK_MS);
  return earlier !== undefined && sum(earlier.done) === sum(last.done);
}

/** Seconds, and seconds of CPU, from the first record done by anyone until a step had done so many. */
export function untilDone(
  samples: readonly Sample[],
  step: string,
  count: number,
): { readonly seconds: number; readonly cpu: number } {
  const first = samples.findLast(({ done }) => sum(done) === 0);
  const last = samples.find(({ done }) => (done[step] ?? 0) >= count);
  if (first === undefined || last === undefined) return { seconds: Number.NaN, cpu: Number.NaN };
  return { seconds: (last.at - first.at) / 1_000, cpu: last.cpu - first.cpu };
}

/** Memory in bytes when a step had done so many records. */
export const rssAt = (samples: readonly Sample[], step: string, count: number): number =>
  samples.find(({ done }) => (done[step] ?? 0) >= count)?.rss ?? Number.NaN;
