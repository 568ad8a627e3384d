import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS, nodeEnvironment } from '#local/node-options.mjs';
import type { Sample } from './samples.ts';

/** Several processes under test that run the same script. */
export type Fleet = {
  readonly processes: readonly ChildProcess[];
  /** How many records a step has done in all processes together. */
  done(step: string): number;
  /** Waits until a step has done so many; rejects when a process ends or nothing is done for too long. */
  until(step: string, count: number): Promise<void>;
  /** Lets all that are left finish what they have in hand and end. */
  stop(): Promise<void>;
};

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const STUCK_MS = 120_000;
const LOOK_MS = 100;

/**
 * Starts so many processes, each as `npm run linernotes` would run it. They tell what they have done by `sendSamples`.
 * @returns when each has said its first word
 */
export async function startFleet(
  script: URL,
  count: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Fleet> {
  const latest = new Map<ChildProcess, Sample>();
  const processes = Array.from({ length: count }, () =>
    fork(script, { env: nodeEnvironment(ROOT, { ...process.env, ...env }), execArgv: [...NODE_FLAGS] }),
  );
  let left = false;
  for (const one of processes) one.on('message', (sample: Sample) => latest.set(one, sample));
  const broken = Promise.race(
    processes.map(async (one) => {
      await once(one, 'exit');
      if (!left && one.signalCode === null) throw new Error('A process under test ended by itself.');
      await new Promise(() => undefined);
    }),
  );
  broken.catch(() => undefined);

  const done = (step: string): number => [...latest.values()].reduce((sum, of) => sum + (of.done[step] ?? 0), 0);
  const all = (): number =>
    [...latest.values()].flatMap(({ done: of }) => Object.values(of)).reduce((sum, of) => sum + of, 0);

  const untilTrue = async (condition: () => boolean): Promise<void> => {
    let news = { at: Date.now(), all: all() };
    while (!condition()) {
      await Promise.race([broken, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
      if (all() !== news.all) news = { at: Date.now(), all: all() };
      if (Date.now() - news.at > STUCK_MS) throw new Error(`Nothing was done for ${STUCK_MS} ms.`);
    }
  };

  const stop = async (): Promise<void> => {
    left = true;
    const running = processes.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = running.map((one) => once(one, 'exit'));
    for (const one of running) one.send('stop');
    await Promise.all(ended);
  };
  process.once('exit', () => {
    for (const one of processes) one.kill('SIGKILL');
  });

  await untilTrue(() => latest.size === count);
  return { processes, done, until: (step, wanted) => untilTrue(() => done(step) >= wanted), stop };
}
