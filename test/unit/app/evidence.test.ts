import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { evidenceIn } from '#app/credits/evidence.ts';
import { logger } from '#app/log.ts';
import { trackId } from '#test/support/tracks.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linernotes-evidence-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const log = logger('silent', 'test', undefined);

test('keeps a file a track in a folder that it makes, the latest of a track', async () => {
  const keep = evidenceIn(join(folder, 'pages'), log);
  await Promise.all([keep(trackId(1), 'one'), keep(trackId(2), 'two'), keep(trackId(1), 'again')]);
  expect((await readdir(join(folder, 'pages'))).toSorted()).toEqual([
    `unread-${trackId(1)}.json`,
    `unread-${trackId(2)}.json`,
  ]);
  expect(await readFile(join(folder, 'pages', `unread-${trackId(1)}.json`), 'utf8')).toBe('again');
});

test('keeps the newest fifty, and touches nothing that it has not written', async () => {
  await writeFile(join(folder, `${trackId(99)}.json`), "an operator's");
  for (let n = 1; n <= 55; n += 1) {
    const path = join(folder, `unread-${trackId(n)}.json`);
    await writeFile(path, 'old');
    await utimes(path, n, n);
  }
  await evidenceIn(folder, log)(trackId(60), 'new');
  const names = await readdir(folder);
  expect(names.filter((name) => name.startsWith('unread-'))).toHaveLength(50);
  expect(names).toContain(`unread-${trackId(60)}.json`);
  expect(names).toContain(`unread-${trackId(55)}.json`);
  expect(names).not.toContain(`unread-${trackId(6)}.json`);
  expect(names).toContain(`${trackId(99)}.json`);
});

test('what cannot be kept is no trouble of the page', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  await expect(evidenceIn(file, log)(trackId(1), 'one')).resolves.toBeUndefined();
});
