import type { Browser } from 'puppeteer';
import { type Guarded, type GuardedOptions, startGuarded } from './guarded.ts';
import { residentBytes } from './memory.ts';
import { newProfile, removeProfile } from './profile.ts';
import { within } from './within.ts';

export type LaunchOptions = GuardedOptions & {
  /** Longest time that one page is worked on; nothing said to the browser waits much longer for an answer. */
  readonly pageMs: number;
};

export type Launched = Pick<Guarded, 'allow' | 'kill'> & {
  readonly browser: Browser;
  /** Resolves when the browser has gone and its profile with it, whatever ended it. */
  readonly gone: Promise<void>;
  /** Its resident memory, its guard's included; `null` where nobody tells it. */
  readonly bytes: () => Promise<number | null>;
  /** Ends it, by force when it does not close. */
  end(): Promise<void>;
};

export const CLOSE_MS = 5_000;

const ARGS = [
  ...['--lang=en-US', '--accept-lang=en-US,en', '--mute-audio', '--no-startup-window'],
  // With it, a used tab gets a new frame for each page: a fifth of the page's CPU.
  '--disable-features=RenderDocument',
  // Nobody looks: what is drawn need not be smooth.
  '--disable-threaded-compositing',
  // A process fewer. What a page could break in it ends the browser, and the next page gets another.
  // (`--in-process-gpu` would save one more, but crashes some browsers at their start.)
  '--enable-features=NetworkServiceInProcess2',
];

/** Starts a browser with an empty profile of its own, in English. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  // Loaded with the first page: it is large, and a worker that has only known tracks never needs it.
  const { default: puppeteer } = await import('puppeteer');
  const userDataDir = await newProfile();
  const args = [...ARGS, ...options.args];
  const all = await puppeteer.defaultArgs({ headless: true, userDataDir, args });
  // The default ones open a page that nobody reads.
  const guarded = startGuarded({
    ...options,
    args: [...all.filter((arg) => arg !== 'about:blank'), '--remote-debugging-pipe'],
  });
  // A browser that lets go of its pipe still writes to its profile until its process has ended.
  const gone = guarded.gone.then(() => removeProfile(userDataDir));
  try {
    const protocolTimeout = options.pageMs + CLOSE_MS;
    const browser = await puppeteer.connect({ transport: guarded.transport, protocolTimeout });
    const { allow, kill, pid } = guarded;
    return { browser, gone, allow, kill, bytes: residentBytes(pid), end: () => end(browser, gone, guarded) };
  } catch (error) {
    guarded.kill();
    await gone;
    throw error;
  }
}

async function end(browser: Browser, gone: Promise<void>, { kill }: Guarded): Promise<void> {
  // It answers before it has ended, so what counts is that it is gone.
  browser.close().catch(kill);
  if ((await within(gone, CLOSE_MS)) !== 'late') return;
  kill();
  await within(gone, CLOSE_MS);
}
