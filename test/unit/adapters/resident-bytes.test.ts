import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { residentBytes } from '#adapters/browser/memory.ts';
import { emptyFolder } from '#test/support/folder.ts';

type Entry = { readonly pid: number; readonly command: string; readonly group: number; readonly resident: string };

function add(proc: string, entries: readonly Entry[]): void {
  for (const { pid, command, group, resident } of entries) {
    const folder = join(proc, String(pid));
    mkdirSync(folder);
    writeFileSync(join(folder, 'stat'), `${pid} (${command}) S 1 ${group} ${group} 0 -1 4194560 1 2 3`);
    writeFileSync(join(folder, 'status'), `Name:\t${command}\n${resident}Threads:\t1\n`);
  }
}

test('the memory of a process group is that of all its processes, and of no other', async () => {
  const proc = emptyFolder();
  mkdirSync(join(proc, 'sys'));
  add(proc, [
    { pid: 7, command: 'guard', group: 7, resident: 'VmRSS:\t   50000 kB\n' },
    { pid: 8, command: 'a tab) R 9 9 (', group: 7, resident: 'VmRSS:\t  300000 kB\n' },
    { pid: 9, command: 'other', group: 9, resident: 'VmRSS:\t  900000 kB\n' },
    { pid: 10, command: 'ended', group: 7, resident: '' },
  ]);
  mkdirSync(join(proc, '11'));
  const bytes = residentBytes(7, proc);
  expect(await bytes()).toBe(350_000 * 1024);
  add(proc, [
    { pid: 12, command: 'a new tab', group: 7, resident: 'VmRSS:\t  100000 kB\n' },
    { pid: 13, command: 'another', group: 9, resident: 'VmRSS:\t  100000 kB\n' },
  ]);
  rmSync(join(proc, '8'), { recursive: true });
  rmSync(join(proc, '9'), { recursive: true });
  expect(await bytes()).toBe(150_000 * 1024);
  add(proc, [{ pid: 9, command: 'a tab with the id of one that has ended', group: 7, resident: 'VmRSS:\t  1 kB\n' }]);
  expect(await bytes()).toBe(150_001 * 1024);
});

test('nobody knows the memory of processes where there is no /proc that tells it', async () => {
  expect(await residentBytes(1, join(emptyFolder(), 'none'))()).toBeNull();
  expect(await residentBytes(1, emptyFolder())()).toBeNull();
});
