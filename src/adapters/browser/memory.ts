import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** proc(5): the command in field 2 may hold spaces and brackets, so fields are counted from its last bracket. */
const groupOf = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);

/** A process that has ended, or ends now, has none. */
const residentOf = (status: string): number => Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;

/**
 * The resident memory of a process group, in bytes: what its processes share counts for each of them.
 * @returns `null` where there is no /proc that tells it
 */
export async function residentBytes(group: number, proc = '/proc'): Promise<number | null> {
  const names = await readdir(proc).catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return null;
  const each = pids.map(async (pid) => {
    if (groupOf(await textOf(join(proc, pid, 'stat'))) !== group) return 0;
    return residentOf(await textOf(join(proc, pid, 'status')));
  });
  return (await Promise.all(each)).reduce((sum, bytes) => sum + bytes, 0);
}
