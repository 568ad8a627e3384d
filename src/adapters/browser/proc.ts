import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The ids of all processes; none where there is no /proc. */
export async function pidsIn(proc: string): Promise<readonly string[]> {
  const names = await readdir(proc).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name));
}

/** What the system tells of a process in one of its files; nothing when the process has ended. */
export const toldIn = (proc: string, pid: string, file: string): Promise<string> =>
  readFile(join(proc, pid, file), 'utf8').catch(() => '');

/**
 * The group of a process by its `stat`, not a number for one that has ended. proc(5): the command in field 2 may hold spaces and
 * brackets, so fields are counted from its last bracket.
 */
export const groupOf = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
