import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import { pagesOf } from '#app/pages.ts';
import { sharedPorts } from '#app/providers.ts';
import type { Told } from '#app/told.ts';
import { type Examined, examined, fixtureOf } from '#providers/web-player/examine.ts';
import { type Seen, visitor } from '#providers/web-player/visit.ts';
import { pageLines } from './page-lines.ts';

export type PageOrder = {
  readonly trackId: string;
  /** A folder for what the page answered and showed; `null`: nothing is kept. */
  readonly save: string | null;
};

/** What was found, or why no page may be read. */
export type PageRead = { readonly told: Told; readonly ended: Examined['ended'] } | { readonly wrong: string };

async function keep(seen: Seen, { trackId, save }: PageOrder): Promise<string | null> {
  const text = fixtureOf(seen);
  if (save === null || text === null) return null;
  const path = join(save, `${trackId}.json`);
  await mkdir(save, { recursive: true });
  await writeFile(path, text);
  return path;
}

/**
 * Reads one page now, with a slot of the budget that all workers share; a pause of theirs is kept to. The ledger is neither asked nor
 * told. Fails when there is no Chromium or the folder cannot be written.
 */
export async function readPage(
  order: PageOrder,
  connections: Connections,
  config: Config,
  signal: AbortSignal,
): Promise<PageRead> {
  const pages = await pagesOf(config, connections);
  if (pages === null)
    return { wrong: 'CREDITS_SCRAPE is off: set it to on after reading docs/operations.md on the terms.' };
  try {
    const { see } = visitor(config.SPOTIFY_WEB_URL, sharedPorts(config, connections), pages.read);
    const seen = await see(order.trackId, true, { lane: 'live', signal });
    const page = examined(seen);
    const saved = await keep(seen, order);
    return { ended: page.ended, told: { json: { ...page, saved }, lines: () => pageLines(page, saved) } };
  } finally {
    await pages.close();
  }
}
