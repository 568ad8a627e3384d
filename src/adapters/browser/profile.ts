import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { groupOf, pidsIn, toldIn } from './proc.ts';

const PREFIX = 'linernotes-browser-';

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const end = (group: number): void => {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended meanwhile, or is another user's.
  }
};

/** How long what was killed may take to be gone: helpers that live on would make the profile anew. */
const GONE_MS = 2_000;
const LOOK_MS = 20;

/** Removes a profile, however long its browser's last helpers write to it; one that cannot be removed is left for the next sweep. */
export const removeProfile = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(() => undefined);

/** The groups of processes in which this profile is used; its browser's helpers are in the browser's. */
async function groupsOf(folder: string): Promise<ReadonlySet<number>> {
  const isItsOwn = (commandLine: string): boolean => commandLine.split('\0').includes(`--user-data-dir=${folder}`);
  const groups = new Set<number>();
  for (const pid of await pidsIn('/proc')) {
    if (!isItsOwn(await toldIn('/proc', pid, 'cmdline'))) continue;
    const group = groupOf(await toldIn('/proc', pid, 'stat'));
    // Never 0 or 1: those would be our own group, and everybody.
    if (group > 1) groups.add(group);
  }
  return groups;
}

/** Ends a browser that hangs and has outlived its worker and its guard, helpers included, where the system tells which it is. */
async function endBrowserOf(folder: string): Promise<void> {
  const groups = [...(await groupsOf(folder))];
  groups.forEach(end);
  const patience = AbortSignal.timeout(GONE_MS);
  while (groups.some((group) => lives(-group)) && !patience.aborted) await pause(LOOK_MS);
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
