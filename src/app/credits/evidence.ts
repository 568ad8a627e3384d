import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#app/log.ts';

/** What a folder holds of evidence: the newest pages, so many, so large in all. */
const MOST_PAGES = 50;
const MOST_BYTES = 50_000_000;

/** Only what was written here is ever removed. */
const OURS = /^unread-[0-9A-Za-z]{22}\.json$/;

/**
 * Keeps what was seen of pages that nobody can read, one file a track, for a fixture: the newest fifty, at most 50 MB. It never waits and
 * never fails: evidence is worth less than the track.
 * @param folder is made when there is something to keep
 */
export function evidenceIn(folder: string, log: Logger): (trackId: string, fixture: string) => Promise<void> {
  let last: Promise<void> = Promise.resolve();

  const keep = async (trackId: string, fixture: string): Promise<void> => {
    const path = join(folder, `unread-${trackId}.json`);
    await mkdir(folder, { recursive: true });
    await writeFile(path, fixture);
    await makeRoom(folder);
    log.warn({ track: trackId, path }, 'credits.evidence-kept');
  };

  // One after another: two that make room at once would make it twice.
  return (trackId, fixture) => {
    last = last
      .then(() => keep(trackId, fixture))
      .catch((error: unknown) => {
        log.warn({ track: trackId, folder, error: String(error) }, 'credits.evidence-lost');
      });
    return last;
  };
}

/** Removes the oldest until the rest is within bounds. */
async function makeRoom(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => OURS.test(name));
  const files = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { name, size, mtimeMs };
    }),
  );
  let bytes = 0;
  const newestFirst = files.toSorted((one, other) => other.mtimeMs - one.mtimeMs);
  for (const [place, { name, size }] of newestFirst.entries()) {
    bytes += size;
    if (place >= MOST_PAGES || bytes > MOST_BYTES) await rm(join(folder, name), { force: true });
  }
}
