import { groupOf, pidsIn, toldIn } from './proc.ts';

/** A process that has ended, or ends now, has none. */
const residentOf = (status: string): number => Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;

/**
 * The resident memory of a process group, in bytes, each time that it is asked for: what its processes share counts for each of them.
 * `null` where there is no /proc that tells it.
 */
export function residentBytes(group: number, proc = '/proc'): () => Promise<number | null> {
  /** Nobody changes groups, so only who is new is looked at; an id that is gone for a moment is new when it comes again. */
  let strangers: ReadonlySet<string> = new Set();

  return async () => {
    const pids = await pidsIn(proc);
    if (pids.length === 0) return null;
    const known = await Promise.all(
      pids.map(async (pid) => !strangers.has(pid) && groupOf(await toldIn(proc, pid, 'stat')) === group),
    );
    strangers = new Set(pids.filter((_, index) => known[index] === false));
    const ours = pids.filter((_, index) => known[index] === true);
    const each = await Promise.all(ours.map(async (pid) => residentOf(await toldIn(proc, pid, 'status'))));
    return each.reduce((sum, bytes) => sum + bytes, 0);
  };
}
