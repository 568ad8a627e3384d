import puppeteer, { type Browser, type Page } from 'puppeteer';
import { within } from './within.ts';

export type BrowserOptions = {
  readonly executablePath: string;
  /** What this machine needs, for example `--no-sandbox`. */
  readonly args: readonly string[];
  /** After so many pages a browser gives way to a new one: long runs leak memory. */
  readonly pagesPerBrowser: number;
  /** Longest time that one page is worked on; nothing said to the browser waits much longer for an answer. */
  readonly pageMs: number;
};

/** Pages of one browser after another. */
export type Browsers = {
  /** Gives the work a page of its own and closes it afterwards, whatever happens. Rejects when no page can be had. */
  withPage<Value>(work: (page: Page) => Promise<Value>): Promise<Value>;
  /** Ends every browser. No page is given any more. */
  close(): Promise<void>;
};

type Held = { readonly browser: Promise<Browser>; pages: number; open: number; isRetired: boolean };

const CLOSE_MS = 5_000;

/** A profile of its own in the temporary folder, the language of the page's words, and a pipe: it ends when we do. */
const launch = ({ executablePath, args, pageMs }: BrowserOptions): Promise<Browser> =>
  puppeteer.launch({
    executablePath,
    args: ['--lang=en-US', '--accept-lang=en-US,en', '--mute-audio', ...args],
    headless: true,
    pipe: true,
    protocolTimeout: pageMs + CLOSE_MS,
    // The process that owns us decides when to end; it calls `close`.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });

async function end(browser: Browser): Promise<void> {
  const child = browser.process();
  const closed = await within(
    browser.close().then(
      () => true,
      () => false,
    ),
    CLOSE_MS,
  );
  if (closed !== true) child?.kill('SIGKILL');
}

/** Launches a browser when the first page is asked for, and again after a crash or after `pagesPerBrowser` pages. */
export function browsers(options: BrowserOptions): Browsers {
  const alive = new Set<Held>();
  let current: Held | null = null;
  let isClosed = false;

  const start = (): Held => {
    const held: Held = { browser: launch(options), pages: 0, open: 0, isRetired: false };
    const gone = (): void => {
      alive.delete(held);
      if (current === held) current = null;
    };
    alive.add(held);
    held.browser.then((browser) => browser.once('disconnected', gone), gone);
    return held;
  };

  const retire = (held: Held): void => {
    held.isRetired = true;
    if (current === held) current = null;
    if (held.open === 0) void held.browser.then(end, () => undefined);
  };

  const enter = (): Held => {
    if (isClosed) throw new Error('the browser was closed');
    const held = current ?? start();
    current = held;
    held.pages += 1;
    held.open += 1;
    if (held.pages >= options.pagesPerBrowser) current = null;
    return held;
  };

  const leave = (held: Held): void => {
    held.open -= 1;
    if (held.isRetired || held.pages >= options.pagesPerBrowser) retire(held);
  };

  const withPage = async <Value>(work: (page: Page) => Promise<Value>): Promise<Value> => {
    const held = enter();
    let isHealthy = false;
    try {
      const browser = await held.browser;
      const page = await browser.newPage();
      try {
        return await work(page);
      } finally {
        // A tab that does not close takes its browser with it.
        isHealthy =
          (await within(
            page.close().then(() => true),
            CLOSE_MS,
          ).catch(() => true)) === true;
      }
    } finally {
      if (!isHealthy) held.isRetired = true;
      leave(held);
    }
  };

  return {
    withPage,
    close: async () => {
      isClosed = true;
      await Promise.all([...alive].map(({ browser }) => browser.then(end, () => undefined)));
    },
  };
}
