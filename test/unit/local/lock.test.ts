import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Lock, takeLock } from '#local/lock.ts';
import { identify } from '#local/process-identity.ts';
import { emptyFolder } from '#test/support/folder.ts';

const lockFile = () => join(emptyFolder(), 'lock');
const heldBy = (pid: number, identity: string | null) => JSON.stringify({ pid, identity });
const taken = (lock: Lock) => {
  if (lock.kind !== 'taken') throw new Error(`held by ${lock.pid}`);
  return lock;
};

describe('the lock of a state folder', () => {
  test('is held while its process lives and lets in the next one after its release', () => {
    const file = lockFile();
    const first = taken(takeLock(file));
    expect(takeLock(file)).toEqual({ kind: 'held', pid: process.pid });
    first.release();
    taken(takeLock(file)).release();
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });

  test('is stale when its pid belongs to a process that started at another time', () => {
    const file = lockFile();
    writeFileSync(file, heldBy(process.ppid, 'an earlier start'));
    taken(takeLock(file));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, identity: identify(process.pid) });
  });

  test('is stale when no process has its pid', () => {
    const file = lockFile();
    writeFileSync(file, heldBy(2 ** 30, 'whenever'));
    expect(takeLock(file).kind).toBe('taken');
  });

  test('is stale when it cannot be read', () => {
    const file = lockFile();
    writeFileSync(file, '{"pid": 1');
    expect(takeLock(file).kind).toBe('taken');
  });

  test('is held by another live process under its own pid', () => {
    const file = lockFile();
    writeFileSync(file, heldBy(process.ppid, identify(process.ppid)));
    expect(takeLock(file)).toEqual({ kind: 'held', pid: process.ppid });
  });
});
