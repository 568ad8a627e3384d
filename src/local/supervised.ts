import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from './environment.ts';

/** One long-running program, started under the watcher. */
export type ServiceCommand = {
  readonly command: string;
  readonly args: readonly string[];
  /** What the program is told beside the little that every program gets of our environment (see environment.ts). */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the program's own output is appended. */
  readonly log: string;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** The signal that asks the program to end in order. */
  readonly signal: NodeJS.Signals;
  /** How long it may take over that before its group is killed. */
  readonly graceMs: number;
};

export type Supervised = {
  /** The program, also the id of its process group. */
  readonly pid: number;
  readonly watcherPid: number;
  /** The signal that asks it to end in order. */
  readonly signal: NodeJS.Signals;
  /** Whether the program still runs, as far as its watcher knows. */
  alive(): boolean;
  /** Ends the program and waits until it is gone; may be called again. */
  stop(): Promise<void>;
};

const watcherFile = fileURLToPath(new URL('./watcher.mjs', import.meta.url));

const firstLine = async (watcher: ChildProcess): Promise<{ pid?: number; error?: string }> => {
  if (watcher.stdout === null) return { error: 'the watcher has no output' };
  const lines = createInterface({ input: watcher.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    once(watcher, 'exit').then(() => '{"error":"its watcher ended"}'),
  ]);
  return JSON.parse(line);
};

/**
 * Starts a program in a process group of its own that cannot outlive this process.
 * Returns as soon as it runs, not when it is ready; throws if it cannot be started.
 */
export const startSupervised = async (command: ServiceCommand): Promise<Supervised> => {
  const bare = bareEnvironment(process.env);
  const watcher = spawn(process.execPath, [watcherFile], {
    env: bare,
    // A group of its own: ^C in the terminal reaches us alone, and we choose the order of stopping.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(watcher, 'exit');
  // A watcher that is gone already is told of by its exit.
  watcher.stdin.on('error', () => undefined);
  watcher.stdin.write(`${JSON.stringify({ ...command, env: { ...bare, ...command.env } })}\n`);
  const { pid, error } = await firstLine(watcher);
  if (pid === undefined || watcher.pid === undefined) {
    throw new Error(`${command.command} could not be started: ${error ?? 'no pid'}`);
  }
  // Our interest in the watcher must not keep a finished program from ending.
  watcher.unref();
  return {
    pid,
    watcherPid: watcher.pid,
    signal: command.signal,
    alive: () => watcher.exitCode === null && watcher.signalCode === null,
    stop: async () => {
      watcher.ref();
      watcher.stdin.end();
      await ended;
    },
  };
};
