import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fillOnce, sha256Of } from '#local/download.ts';
import { emptyFolder } from '#test/support/folder.ts';

test('a folder is filled once, and only by a filling that succeeds', async () => {
  const parent = emptyFolder();
  const folder = join(parent, 'thing');
  let fillings = 0;
  const fill = async (part: string): Promise<void> => {
    fillings += 1;
    await writeFile(join(part, 'file'), 'content');
    if (fillings === 1) throw new Error('the line was cut');
  };
  await expect(fillOnce(folder, fill)).rejects.toThrow('the line was cut');
  expect(readdirSync(parent)).toEqual([]);
  await fillOnce(folder, fill);
  await fillOnce(folder, fill);
  expect([fillings, existsSync(join(folder, 'file')), readdirSync(parent)]).toEqual([2, true, ['thing']]);
});

test('the checksum of a file is its SHA-256 in hex', async () => {
  const file = join(emptyFolder(), 'abc');
  await writeFile(file, 'abc');
  expect(await sha256Of(file)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
