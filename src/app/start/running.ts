import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

const fileIn = (stateDir: string): string => join(stateDir, 'running.json');

/**
 * Tells other commands on this machine where a running `npm start` is, so that `linernotes status` or `ingest` in a second
 * terminal finds it without any variable set.
 * @param env the variables that lead to it; no secret is written
 */
export function tellRunning(stateDir: string, env: Env): void {
  writeFileSync(fileIn(stateDir), `${JSON.stringify({ pid: process.pid, env }, null, 2)}\n`, { mode: 0o600 });
}

export const untellRunning = (stateDir: string): void => rmSync(fileIn(stateDir), { force: true });

/** The variables of the `npm start` that runs on this state folder; none when none runs. */
export function runningEnvironment(stateDir: string): Env {
  try {
    const { pid, env } = JSON.parse(readFileSync(fileIn(stateDir), 'utf8'));
    process.kill(pid, 0);
    return env;
  } catch {
    return {}; // No file, or its process is gone: nothing runs, which is an answer.
  }
}
