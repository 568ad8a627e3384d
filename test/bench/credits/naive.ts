import puppeteer, { type Browser, type Page } from 'puppeteer';
import type { Chromium } from '#local/chromium.ts';

/** What one page told. */
export type Read = { readonly playCount: string | null; readonly people: number };

declare const document: {
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string | null }>;
};

const texts = (page: Page, selector: string): Promise<readonly (string | null)[]> =>
  page.evaluate((wanted) => [...document.querySelectorAll(wanted)].map(({ textContent }) => textContent), selector);

/** The way that first comes to mind: a new page for each track, everything loaded, and a wait until the network is idle. */
async function readOne(browser: Browser, url: string): Promise<Read> {
  const page = await browser.newPage();
  try {
    await page.goto(url, { waitUntil: 'networkidle2' });
    const [playCount = null] = await texts(page, '[data-testid="playcount"]');
    await page.click('[data-testid="more-button"]');
    await page.waitForSelector('#context-menu [role="menuitem"]');
    await page.click('#context-menu [role="menuitem"]');
    await page.waitForSelector('[role="dialog"]');
    const people = await texts(page, '[role="dialog"] a, [role="dialog"] div > div > span:first-child');
    return { playCount, people: people.length };
  } finally {
    await page.close();
  }
}

/** Reads pages with so many tabs, each in a loop of its own. */
export async function readNaively(
  { path, args }: Pick<Chromium, 'path' | 'args'>,
  urls: readonly string[],
  tabs: number,
  done: () => void,
): Promise<number> {
  const browser = await puppeteer.launch({ executablePath: path, args: [...args], headless: true });
  const left = [...urls];
  let understood = 0;
  const loop = async (): Promise<void> => {
    for (let url = left.shift(); url !== undefined; url = left.shift()) {
      const { playCount, people } = await readOne(browser, url);
      if (playCount !== null && people > 0) understood += 1;
      done();
    }
  };
  await Promise.all(Array.from({ length: tabs }, loop));
  await browser.close();
  return understood;
}
