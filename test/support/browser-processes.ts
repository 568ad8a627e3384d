import { readdirSync, readFileSync } from 'node:fs';

type Process = { readonly pid: number; readonly parent: number; readonly command: string };

function processOf(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    // A zombie has ended: only nobody has asked how.
    return state === 'Z' ? null : { pid, parent: Number(parent), command };
  } catch {
    return null;
  }
}

const all = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)) ?? []);

/** The processes below this one, as they are now. */
export function descendants(pid: number): readonly Process[] {
  const processes = all();
  const below = (parents: ReadonlySet<number>): readonly Process[] => {
    const children = processes.filter(({ parent }) => parents.has(parent));
    return children.length === 0 ? [] : [...children, ...below(new Set(children.map((child) => child.pid)))];
  };
  return below(new Set([pid]));
}

export const isAlive = (pid: number): boolean => processOf(pid) !== null;

/** Browsers below this process, without their own helpers. */
export const browsersBelow = (pid: number): readonly number[] =>
  descendants(pid).flatMap((one) =>
    /--remote-debugging-pipe/.test(one.command) && !/--type=/.test(one.command) ? [one.pid] : [],
  );

/** The processes of the tabs of all browsers below this process. */
export const tabsBelow = (pid: number): readonly number[] =>
  descendants(pid).flatMap((one) => (/--type=renderer/.test(one.command) ? [one.pid] : []));
