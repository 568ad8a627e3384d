import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Fills `folder` once: `fill` gets a fresh folder beside it, which takes the name only when it is whole.
 * So a folder that is there is complete, also when a start was killed or two starts ran at once.
 */
export const fillOnce = async (folder: string, fill: (part: string) => Promise<void>): Promise<void> => {
  if (existsSync(folder)) return;
  const part = `${folder}.${process.pid}.part`;
  await mkdir(dirname(folder), { recursive: true });
  await rm(part, { recursive: true, force: true });
  await mkdir(part);
  try {
    await fill(part);
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    // Another start was quicker: its folder is as good as ours.
    if (!existsSync(folder)) throw error;
  }
};

/** The SHA-256 of a file, in hex. */
export const sha256Of = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};
