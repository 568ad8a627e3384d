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
