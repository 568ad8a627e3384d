import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { within } from './within.ts';

/** A program of ours in a process of its own. */
export type Child = {
  readonly pid: number;
  /** All it wrote so far: its answer on stdout, its log on stderr. */
  readonly out: () => string;
  readonly err: () => string;
  /** The exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly alive: () => boolean;
  /** Ends it at once, as `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end by SIGTERM; fails when it has not within the deadline. Resolves to the exit code. */
  stop(withinMs?: number): Promise<number | NodeJS.Signals>;
  /** Waits until its stderr holds the text; fails with what it wrote instead, when it ends or the deadline passes. */
  says(text: string, withinMs?: number): Promise<void>;
};

const running = new Set<ChildProcess>();

/** Also when a test run ends without its hooks: nobody else would end these. */
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The arguments of Node for the command line of linernotes, as `npm run linernotes` would have them. */
export const linernotes = (...args: readonly string[]): readonly string[] => [resolve('src/main.ts'), ...args];

/** Starts Node with these arguments and nothing of this process's environment but the path and the home. */
export function startChild(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Child {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], JAVA_HOME: process.env['JAVA_HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  const ended = once(child, 'close').then(([code, signal]): number | NodeJS.Signals => {
    running.delete(child);
    return code ?? signal;
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? -1,
    out: () => written.out,
    err: () => written.err,
    ended,
    alive,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop(withinMs = 30_000) {
      child.kill('SIGTERM');
      await within(
        () => !running.has(child),
        withinMs,
        () => `process ${child.pid} to end\n${written.err.slice(-4000)}`,
      );
      return ended;
    },
    says: (text, withinMs = 60_000) =>
      within(
        () => {
          if (written.err.includes(text)) return true;
          if (!alive()) throw new Error(`ended before it said "${text}":\n${written.err.slice(-4000)}`);
          return false;
        },
        withinMs,
        () => `"${text}"; instead:\n${written.err.slice(-4000)}`,
      ),
  };
}

/** Runs a program to its end. */
export async function runChild(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly exit: number | NodeJS.Signals; readonly out: string; readonly err: string }> {
  const child = startChild(args, env);
  const exit = await child.ended;
  return { exit, out: child.out(), err: child.err() };
}
