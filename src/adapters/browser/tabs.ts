import type { Browser, CDPSession, Page } from 'puppeteer';
import { bare } from './bare.ts';
import { CLOSE_MS } from './launch.ts';
import { within } from './within.ts';

/** A tab in a context of its own: its pages share nothing with those of other tabs. */
export type Tab = { readonly page: Page; readonly session: CDPSession; pages: number };

/**
 * The tabs of one browser. A page needs no new process in a tab whose last page was of the same site, and processes cost most:
 * a tab is used again.
 */
export type Tabs = {
  /** One that was kept, else a new one. */
  take(): Promise<Tab>;
  /** Closes the tab's page, forgets what it has stored, and keeps the tab for the next page. False when the page may be open still. */
  keep(tab: Tab): Promise<boolean>;
  /** False when its page may be open still. */
  close(tab: Tab): Promise<boolean>;
};

/** Longest time to clear a tab: one that takes longer is closed. */
const CLEAR_MS = 2_000;
/** After so many pages the garbage of a tab's pages is collected: left alone, tens of MB a tab pile up. */
const PAGES_A_COLLECTION = 8;

async function open(browser: Browser): Promise<Tab> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  return { page, session: await bare(page), pages: 0 };
}

/** The empty page stays in the process. What the last page has stored goes after it, which may store more on its way out. */
async function clear(tab: Tab): Promise<void> {
  tab.pages += 1;
  await tab.page.goto('about:blank');
  await Promise.all([
    tab.session.send('Storage.clearDataForOrigin', { origin: '*', storageTypes: 'all' }),
    tab.pages % PAGES_A_COLLECTION === 0 ? tab.session.send('HeapProfiler.collectGarbage') : null,
  ]);
}

const soon = async (work: Promise<unknown>, ms: number): Promise<boolean> => {
  const done = work.then(
    () => true,
    () => false,
  );
  return (await within(done, ms)) === true;
};

/**
 * Tabs of a browser.
 * @param idleMs how long one is kept without a page
 * @param stuck hears of one that was kept and does not close
 */
export function tabsOf(browser: Browser, idleMs: number, stuck: () => void): Tabs {
  const idle = new Map<Tab, NodeJS.Timeout>();

  const close = ({ page }: Tab): Promise<boolean> => soon(page.browserContext().close(), CLOSE_MS);

  const lapse = async (tab: Tab): Promise<void> => {
    idle.delete(tab);
    if (!(await close(tab))) stuck();
  };

  return {
    take: async () => {
      const [kept] = idle;
      if (kept === undefined) return open(browser);
      const [tab, lapsing] = kept;
      clearTimeout(lapsing);
      idle.delete(tab);
      return tab;
    },
    keep: async (tab) => {
      if (!(await soon(clear(tab), CLEAR_MS))) return close(tab);
      idle.set(tab, setTimeout(() => void lapse(tab), idleMs).unref());
      return true;
    },
    close,
  };
}
