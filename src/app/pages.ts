import { join } from 'node:path';
import { PAGE_READER_DEFAULTS, pageReader } from '#adapters/browser/page-reader.ts';
import { findChromium } from '#local/chromium.ts';
import { bareEnvironment } from '#local/environment.ts';
import type { Config } from './config.ts';

/** The browser of the credits phase. */
export type Pages = ReturnType<typeof pageReader>;

/**
 * The browser, if its operator has turned it on; it starts with the first page. Fails at once where there is no Chromium, not
 * track by track later.
 */
export async function pagesOf(config: Config): Promise<Pages | null> {
  if (config.CREDITS_SCRAPE !== 'on') return null;
  const downloads = join(config.LINERNOTES_STATE, 'downloads');
  const { path, args } = await findChromium(
    { PATH: process.env['PATH'], CHROMIUM_PATH: config.CHROMIUM_PATH },
    downloads,
  );
  const env = bareEnvironment(process.env);
  return pageReader({ ...PAGE_READER_DEFAULTS, executablePath: path, args, env, tabs: config.CREDITS_TABS });
}
