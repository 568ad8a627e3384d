import type { Page } from 'puppeteer';
import type { Place } from '#providers/web-player/places.ts';
import { type Launched, type LaunchOptions, launch } from './launch.ts';
import { type Tabs, tabsOf } from './tabs.ts';

export type BrowserOptions = LaunchOptions & {
  /** After so many pages a browser gives way to a new one: long runs leak memory. */
  readonly pagesPerBrowser: number;
  /** So does one whose processes have more resident memory, where the system tells it; one with twice as much is ended at once. */
  readonly bytesPerBrowser: number;
  /** How long a tab is kept for the next page. */
  readonly idleMs: number;
};

/** Pages of one browser after another. */
export type Browsers = {
  /**
   * Gives the work a page of its own and leaves it afterwards, whatever happens; the place is left when it is surely gone, if need be
   * with its browser. The tab is kept for the next page when the work says that it has done with it. Rejects when no page can be had.
   */
  withPage<Value>(place: Place, work: (page: Page, keep: () => void) => Promise<Value>): Promise<Value>;
  /** Ends every browser. No page is given any more. */
  close(): Promise<void>;
};

type Held = {
  readonly launched: Promise<Launched & { readonly tabs: Tabs }>;
  /** Of all tabs that may be open, those included that did not close. */
  readonly places: Set<Place>;
  pages: number;
  /** Pages that are worked on. */
  busy: number;
  isRetired: boolean;
};

/** How often a browser that has tabs is looked at, and its guard told until when they may be open. */
const LOOK_MS = 1_000;

/** Launches a browser when the first page is asked for, and again after a crash or when one has done, or grown, enough. */
export function browsers(options: BrowserOptions): Browsers {
  const alive = new Set<Held>();
  let current: Held | null = null;
  let isClosed = false;

  const leaveAlone = (held: Held): void => {
    if (current === held) current = null;
  };

  const start = (): Held => {
    const launched = launch(options).then((one) => ({
      ...one,
      tabs: tabsOf(one.browser, options.idleMs, () => abandon(held)),
    }));
    const held: Held = { launched, places: new Set(), pages: 0, busy: 0, isRetired: false };
    const looking = setInterval(() => look(held).catch(() => undefined), LOOK_MS).unref();
    const forget = (): void => {
      clearInterval(looking);
      alive.delete(held);
      leaveAlone(held);
    };
    alive.add(held);
    held.launched.then(({ browser, gone }) => {
      browser.once('disconnected', () => leaveAlone(held));
      void gone.then(forget);
    }, forget);
    return held;
  };

  const look = async (held: Held): Promise<void> => {
    if (held.places.size === 0) return;
    tell(held);
    const { bytes, kill } = await held.launched;
    const size = (await bytes()) ?? 0;
    if (size > options.bytesPerBrowser) retire(held);
    if (size > 2 * options.bytesPerBrowser) kill();
  };

  const retire = (held: Held): void => {
    held.isRetired = true;
    leaveAlone(held);
  };

  const abandon = (held: Held): void => {
    retire(held);
    if (held.busy === 0) void end(held);
  };

  const enter = (place: Place): Held => {
    const held = current ?? start();
    current = held;
    held.pages += 1;
    held.busy += 1;
    held.places.add(place);
    if (held.pages >= options.pagesPerBrowser) retire(held);
    return held;
  };

  const free = (held: Held, place: Place): void => {
    held.places.delete(place);
    tell(held);
    place.leave();
  };

  const leave = (held: Held, place: Place, isOver: boolean): void => {
    held.busy -= 1;
    if (isOver) free(held, place);
    else {
      // A tab that does not close takes its browser with it, and its place is free when that is gone.
      retire(held);
      void goneOf(held).then(() => free(held, place));
    }
    if (held.isRetired && held.busy === 0) void end(held);
  };

  const withPage: Browsers['withPage'] = async (place, work) => {
    if (isClosed) {
      place.leave();
      throw new Error('the browser was closed');
    }
    const held = enter(place);
    let isOver = false;
    try {
      const { tabs, gone } = await held.launched;
      tell(held);
      // A browser that dies between making a tab and telling of it leaves puppeteer waiting for half a minute.
      const tab = await Promise.race([tabs.take(), gone.then(wentAway)]);
      let isKept = false;
      const keep = (): void => {
        isKept = true;
      };
      try {
        return await work(tab.page, keep);
      } finally {
        isOver = await (isKept && !held.isRetired ? tabs.keep(tab) : tabs.close(tab));
      }
    } finally {
      leave(held, place, isOver);
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

const tell = ({ launched, places }: Held): void => {
  const until = Math.min(...[...places].map((place) => place.until()));
  launched.then(
    ({ allow }) => allow(until),
    () => undefined,
  );
};

const end = ({ launched }: Held): Promise<void> =>
  launched.then(
    (one) => one.end(),
    () => undefined,
  );

const goneOf = ({ launched }: Held): Promise<void> =>
  launched.then(
    ({ gone }) => gone,
    () => undefined,
  );

const wentAway = (): never => {
  throw new Error('the browser went away while a tab was opened');
};
