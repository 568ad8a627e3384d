import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ConnectionTransport } from 'puppeteer';
import { pipeTransport } from './pipe.ts';

export type GuardedOptions = {
  readonly executablePath: string;
  readonly args: readonly string[];
  /** Its whole environment: foreign pages run in it, so it gets nothing that it does not need. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How much it gives way to others, 0 to 19; every process of the browser does. */
  readonly nice: number;
};

/** A browser under its guard: a process beside it that ends it when we cannot. */
export type Guarded = {
  /** The guard, also the id of the group that the browser and its helpers are in. */
  readonly pid: number;
  readonly transport: ConnectionTransport;
  /** Resolves when the guard and the browser's processes have been ended, by whomever. */
  readonly gone: Promise<void>;
  /** Until when tabs may be open (see `Place`); past it the guard ends the browser, whatever we do by then. `Infinity`: for good. */
  allow(until: number): void;
  kill(): void;
};

const guardFile = fileURLToPath(new URL('./guard.mjs', import.meta.url));

/** Also when the guard alone was killed: then its group goes on without it. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already: that is what we want.
  }
}

function pipesOf(child: ChildProcess) {
  const { stdin, stdio, pid } = child;
  const [, , , input, output] = stdio;
  if (stdin === null || !input || !output || pid === undefined)
    throw new Error('the guard of the browser did not start');
  return { stdin, input: input as Writable, output: output as Readable, pid };
}

/** Starts a browser that reads the debugging protocol from a pipe. It cannot outlive this process, however either of them fares. */
export function startGuarded({ executablePath, args, env, nice }: GuardedOptions): Guarded {
  const guard = spawn(process.execPath, [guardFile], {
    env: { ...env },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => {
    guard.once('exit', () => resolve()).once('error', () => resolve());
  });
  const { stdin, input, output, pid } = pipesOf(guard);
  const kill = (): void => killGroup(pid);
  const tell = (line: unknown): void => {
    if (stdin.writable) stdin.write(`${JSON.stringify(line)}\n`);
  };
  // A guard that is gone is told of by its exit.
  stdin.on('error', () => undefined);
  tell({ command: executablePath, args, nice });
  return {
    pid,
    transport: pipeTransport(input, output),
    gone: gone.then(kill),
    allow: (until) => tell(Number.isFinite(until) ? until : null),
    kill,
  };
}
