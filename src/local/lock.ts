import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identify } from './process-identity.ts';

export type Lock = { kind: 'taken'; release(): void } | { kind: 'held'; pid: number };

const ownerOf = (file: string): { pid: number; identity: string | null } | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
};

/** The lock file appears with its content or not at all: a hard link is made only where there is none. */
const create = (file: string, content: string): boolean => {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
};

const isLive = (owner: { pid: number; identity: string | null }): boolean =>
  owner.identity !== null && identify(owner.pid) === owner.identity;

/** Moves a stale lock away; if another start was quicker and we moved its live one, that is put back. */
const clear = (file: string): void => {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = ownerOf(aside);
  if (moved !== null && isLive(moved)) renameSync(aside, file);
  rmSync(aside, { force: true });
};

/**
 * Takes a lock file for this process until it is released or the process is gone.
 * A lock of a process that no longer runs, or whose pid belongs to another process by now, is stale and is taken over.
 */
export const takeLock = (file: string): Lock => {
  const mine = JSON.stringify({ pid: process.pid, identity: identify(process.pid) });
  for (let attempt = 0; attempt < 50; attempt++) {
    if (create(file, mine)) return { kind: 'taken', release: () => rmSync(file, { force: true }) };
    const owner = ownerOf(file);
    if (owner !== null && isLive(owner)) return { kind: 'held', pid: owner.pid };
    clear(file);
  }
  throw new Error(`${file} can neither be made nor taken over`);
};
