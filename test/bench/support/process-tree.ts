import { readdirSync, readFileSync } from 'node:fs';

/** A process with all that it has started, from /proc: of Linux alone. */
export type TreeUse = {
  /** Seconds of CPU since they began, user and system, those that have ended included as far as somebody waited for them. */
  readonly cpu: number;
  /** Bytes of resident memory; what processes share counts for each of them. */
  readonly rss: number;
  /** Bytes of the first process alone. */
  readonly ownRss: number;
  readonly processes: number;
};

type Stat = { readonly pid: number; readonly parent: number; readonly cpu: number; readonly rss: number };

/** proc(5): times in ticks of 10 ms, memory in pages of 4 KiB, on every machine this runs on. */
const TICKS = 100;
const PAGE_BYTES = 4_096;

function statOf(pid: number): Stat | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // From field 3 on: parent is 4, times are 14 to 17 (own, and of children that were waited for), resident pages 24.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), cpu: ticks / TICKS, rss: Number(fields[21]) * PAGE_BYTES };
  } catch {
    return null;
  }
}

/** What a process and all below it use now. */
export function treeUse(pid: number): TreeUse {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const children = Map.groupBy(all, ({ parent }) => parent);
  const tree = all.filter((one) => one.pid === pid);
  // Grows while it is walked.
  for (const { pid: parent } of tree) tree.push(...(children.get(parent) ?? []));
  return {
    cpu: tree.reduce((sum, { cpu }) => sum + cpu, 0),
    rss: tree.reduce((sum, { rss }) => sum + rss, 0),
    ownRss: tree[0]?.rss ?? 0,
    processes: tree.length,
  };
}
