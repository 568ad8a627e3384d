import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pidsIn, toldIn } from './proc.ts';

const PREFIX = 'linernotes-browser-';

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const end = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile, or is another user's.
  }
};

/** Removes a profile, however long its browser's last helpers write to it; one that cannot be removed is left for the next sweep. */
export const removeProfile = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(() => undefined);

/** Ends a browser that hangs and has outlived its worker and its guard, where the system tells which it is. */
async function endBrowserOf(folder: string): Promise<void> {
  const isItsOwn = (commandLine: string): boolean => commandLine.split('\0').includes(`--user-data-dir=${folder}`);
  const pids = await pidsIn('/proc');
  await Promise.all(
    pids.map(async (pid) => {
      if (isItsOwn(await toldIn('/proc', pid, 'cmdline'))) end(Number(pid));
    }),
  );
}

/** What workers that were killed have left: their browser's profile, and in the worst case the browser. */
async function sweep(): Promise<void> {
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  const dead = left.filter((name) => !lives(Number.parseInt(name.slice(PREFIX.length), 10)));
  for (const folder of dead.map((name) => join(tmpdir(), name))) {
    await endBrowserOf(folder);
    await removeProfile(folder);
  }
}

/** A new, empty profile in the temporary folder, named after this process. */
export async function newProfile(): Promise<string> {
  await sweep();
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}
