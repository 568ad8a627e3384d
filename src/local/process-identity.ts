import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const readOrNull = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

/** proc(5): the command in field 2 may hold spaces and brackets, so fields are counted from its last bracket. */
const linuxIdentity = (pid: number): string | null => {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return null;
  const boot = readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return `${boot}:${fields[18]}`;
};

const psIdentity = (pid: number): string | null => {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [state = '', ...started] = line.split(/\s+/);
    return line === '' || state.startsWith('Z') ? null : started.join(' ');
  } catch {
    return null;
  }
};

/**
 * Tells two processes apart that had the same pid at different times.
 * Returns when the process started, in a form only good for comparing, or null if it does not run (a zombie does not).
 */
export const identify = (pid: number): string | null =>
  process.platform === 'linux' ? linuxIdentity(pid) : psIdentity(pid);
