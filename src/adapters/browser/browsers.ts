import type { Page } from 'puppeteer';
import { CLOSE_MS, type Launched, type LaunchOptions, launch } from './launch.ts';
import { within } from './within.ts';

export type BrowserOptions = LaunchOptions & {
  /** After so many pages a browser gives way to a new one: long runs leak memory. */
  readonly pagesPerBrowser: number;
};

/** Pages of one browser after another. */
export type Browsers = {
  /** Gives the work a page of its own and closes it afterwards, whatever happens. Rejects when no page can be had. */
  withPage<Value>(work: (page: Page) => Promise<Value>): Promise<Value>;
  /** Ends every browser. No page is given any more. */
  close(): Promise<void>;
};

type Held = { readonly launched: Promise<Launched>; pages: number; open: number; isRetired: boolean };

/** Launches a browser when the first page is asked for, and again after a crash or after `pagesPerBrowser` pages. */
export function browsers(options: BrowserOptions): Browsers {
  const alive = new Set<Held>();
  let current: Held | null = null;
  let isClosed = false;

  const start = (): Held => {
    const held: Held = { launched: launch(options), pages: 0, open: 0, isRetired: false };
    const forget = (): void => {
      alive.delete(held);
    };
    const leaveAlone = (): void => {
      if (current === held) current = null;
    };
    alive.add(held);
    held.launched.then(({ browser, gone }) => {
      browser.once('disconnected', leaveAlone);
      void gone.then(forget);
    }, forget);
    held.launched.catch(leaveAlone);
    return held;
  };

  const end = ({ launched }: Held): Promise<void> =>
    launched.then(
      (one) => one.end(),
      () => undefined,
    );

  const enter = (): Held => {
    if (isClosed) throw new Error('the browser was closed');
    const held = current ?? start();
    held.pages += 1;
    held.open += 1;
    held.isRetired = held.pages >= options.pagesPerBrowser;
    current = held.isRetired ? null : held;
    return held;
  };

  const leave = (held: Held, isHealthy: boolean): void => {
    held.open -= 1;
    if (!isHealthy) held.isRetired = true;
    if (!held.isRetired) return;
    if (current === held) current = null;
    if (held.open === 0) void end(held);
  };

  const withPage = async <Value>(work: (page: Page) => Promise<Value>): Promise<Value> => {
    const held = enter();
    let isHealthy = false;
    try {
      const { browser } = await held.launched;
      const page = await browser.newPage();
      try {
        return await work(page);
      } finally {
        // A tab that does not close takes its browser with it.
        const closed = page.close().then(
          () => true,
          () => false,
        );
        isHealthy = (await within(closed, CLOSE_MS)) === true;
      }
    } finally {
      leave(held, isHealthy);
    }
  };

  return {
    withPage,
    close: async () => {
      isClosed = true;
      await Promise.all([...alive].map(end));
    },
  };
}
