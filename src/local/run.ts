import { execFile } from 'node:child_process';

export type Ran = { readonly ok: boolean; readonly output: string };

type Settings = { env?: NodeJS.ProcessEnv; timeoutMs?: number; uid?: number; gid?: number; cwd?: string };

/** Runs a program to its end. Returns whether it exited with 0, and all it printed; a missing program is `ok: false`. */
export const run = (command: string, args: readonly string[], settings: Settings = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const { timeoutMs = 600_000, ...rest } = settings;
    const options = { ...rest, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const why = error !== null && stdout === '' && stderr === '' ? error.message : '';
      resolve({ ok: error === null, output: `${stdout}${stderr}${why}` });
    });
  });
