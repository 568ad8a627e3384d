import { join } from 'node:path';
import { PAGE_READER_DEFAULTS, pageReader } from '#adapters/browser/page-reader.ts';
import { postgresPlaces } from '#adapters/postgres/places.ts';
import { findChromium } from '#local/chromium.ts';
import { bareEnvironment } from '#local/environment.ts';
import { WEB_PLAYER_ACCOUNT } from '#providers/web-player/visit.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';

/** The browser of the credits phase. */
export type Pages = ReturnType<typeof pageReader>;

/**
 * The browser, if its operator has turned it on; it starts with the first page, and its tabs are counted with those of all processes
 * that share the database. Fails at once where there is no Chromium, not
 * track by track later.
 */
export async function pagesOf(config: Config, { pool }: Pick<Connections, 'pool'>): Promise<Pages | null> {
  if (config.CREDITS_SCRAPE !== 'on') return null;
  const downloads = join(config.LINERNOTES_STATE, 'downloads');
  const { path, args } = await findChromium(
    { PATH: process.env['PATH'], CHROMIUM_PATH: config.CHROMIUM_PATH },
    downloads,
  );
  const env = bareEnvironment(process.env);
  const places = postgresPlaces(pool, { account: WEB_PLAYER_ACCOUNT, tabs: config.CREDITS_TABS });
  return pageReader({
    ...PAGE_READER_DEFAULTS,
    executablePath: path,
    args,
    env,
    places,
    nice: config.CREDITS_NICE,
    bytesPerBrowser: config.CREDITS_BROWSER_MAX_BYTES,
  });
}
