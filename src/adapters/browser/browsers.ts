import type { Page } from 'puppeteer';
import type { Place } from '#providers/web-player/places.ts';
import { CLOSE_MS, type Launched, type LaunchOptions, launch } from './launch.ts';
import { within } from './within.ts';

export type BrowserOptions = LaunchOptions & {
  /** After so many pages a browser gives way to a new one: long runs leak memory. */
  readonly pagesPerBrowser: number;
  /** So does one whose processes have more resident memory, where the system tells it; one with twice as much is ended at once. */
  readonly bytesPerBrowser: number;
};

/** Pages of one browser after another. */
export type Browsers = {
  /**
   * Gives the work a page of its own and closes it afterwards, whatever happens; the place is left when it is surely gone, if need be
   * with its browser. Rejects when no page can be had.
   */
  withPage<Value>(place: Place, work: (page: Page) => Promise<Value>): Promise<Value>;
  /** Ends every browser. No page is given any more. */
  close(): Promise<void>;
};

type Held = {
  readonly launched: Promise<Launched>;
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
    const held: Held = { launched: launch(options), places: new Set(), pages: 0, busy: 0, isRetired: false };
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

  const leave = (held: Held, place: Place, isHealthy: boolean): void => {
    held.busy -= 1;
    if (isHealthy) free(held, place);
    else {
      // A tab that does not close takes its browser with it, and its place is free when that is gone.
      retire(held);
      void goneOf(held).then(() => free(held, place));
    }
    if (held.isRetired && held.busy === 0) void end(held);
  };

  const withPage = async <Value>(place: Place, work: (page: Page) => Promise<Value>): Promise<Value> => {
    if (isClosed) {
      place.leave();
      throw new Error('the browser was closed');
    }
    const held = enter(place);
    let isHealthy = false;
    try {
      const { browser, gone } = await held.launched;
      tell(held);
      // A browser that dies between making a tab and telling of it leaves puppeteer waiting for half a minute.
      const page = await Promise.race([browser.newPage(), gone.then(wentAway)]);
      try {
        return await work(page);
      } finally {
        isHealthy = await isClosedNow(page);
      }
    } finally {
      leave(held, place, isHealthy);
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

async function isClosedNow(page: Page): Promise<boolean> {
  const closed = page.close().then(
    () => true,
    () => false,
  );
  return (await within(closed, CLOSE_MS)) === true;
}
