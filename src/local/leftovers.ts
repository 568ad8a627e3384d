import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identify } from './process-identity.ts';
import { until } from './wait.ts';

/** A process that was started, the leader of its group. */
export type Spawned = {
  readonly what: string;
  readonly pid: number;
  /** The signal that asks it to end in order. */
  readonly signal: NodeJS.Signals;
};

/** What is recorded of it: also what `identify` said then. */
export type Running = Spawned & { readonly identity: string };

const isRunning = (entry: unknown): entry is Running =>
  typeof entry === 'object' && entry !== null && 'signal' in entry && 'pid' in entry && 'identity' in entry;

const recorded = (file: string): Running[] => {
  try {
    const entries: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(entries) ? entries.filter(isRunning) : [];
  } catch {
    return [];
  }
};

/** Adds processes that run now to the record, so that a later start can end them if we cannot. */
export const record = (file: string, started: readonly Spawned[]): void => {
  const entries = started.flatMap((spawned) => {
    const identity = identify(spawned.pid);
    return identity === null ? [] : [{ ...spawned, identity }];
  });
  writeFileSync(`${file}.part`, JSON.stringify([...recorded(file), ...entries]));
  renameSync(`${file}.part`, file);
};

const signal = (target: number, name: NodeJS.Signals): void => {
  try {
    process.kill(target, name);
  } catch {
    // Gone already, which is what we want.
  }
};

const end = async (entry: Running, graceMs: number): Promise<void> => {
  const gone = () => identify(entry.pid) !== entry.identity;
  signal(entry.pid, entry.signal);
  if (await until(gone, graceMs)) return;
  signal(-entry.pid, 'SIGKILL');
  await until(gone, 5000);
};

/**
 * Ends what an earlier start left running, and empties the record. A pid whose process started at another time than
 * recorded belongs to somebody else by now and is left alone. Returns what was ended.
 */
export const endLeftovers = async (file: string, graceMs = 8000): Promise<readonly Running[]> => {
  const left = recorded(file).filter((entry) => identify(entry.pid) === entry.identity);
  await Promise.all(left.map((entry) => end(entry, graceMs)));
  rmSync(file, { force: true });
  return left;
};
