import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'linernotes-browser-';

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Removes a profile, however long its browser's last helpers write to it; one that cannot be removed is left for the next sweep. */
export const removeProfile = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(() => undefined);

/** The profiles of workers that were killed: the browser went with its worker, its files did not. */
async function sweep(): Promise<void> {
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  const dead = left.filter((name) => !lives(Number.parseInt(name.slice(PREFIX.length), 10)));
  await Promise.all(dead.map((name) => removeProfile(join(tmpdir(), name))));
}

/** A new, empty profile in the temporary folder, named after this process. */
export async function newProfile(): Promise<string> {
  await sweep();
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}
