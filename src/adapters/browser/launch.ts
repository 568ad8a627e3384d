import type { Browser } from 'puppeteer';
import { newProfile, removeProfile } from './profile.ts';
import { within } from './within.ts';

export type LaunchOptions = {
  readonly executablePath: string;
  /** What this machine needs, for example `--no-sandbox`. */
  readonly args: readonly string[];
  /** Its whole environment: foreign pages run in it, so it gets nothing that it does not need. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Longest time that one page is worked on; nothing said to the browser waits much longer for an answer. */
  readonly pageMs: number;
};

export type Launched = {
  readonly browser: Browser;
  /** Resolves when the browser has gone and its profile with it, whatever ended it. */
  readonly gone: Promise<void>;
  /** Ends it, by force when it does not close. */
  end(): Promise<void>;
};

export const CLOSE_MS = 5_000;

async function close(browser: Browser): Promise<void> {
  const child = browser.process();
  const isClosed = browser.close().then(
    () => true,
    () => false,
  );
  if ((await within(isClosed, CLOSE_MS)) !== true) child?.kill('SIGKILL');
}

async function launchIn(userDataDir: string, { executablePath, args, env, pageMs }: LaunchOptions): Promise<Browser> {
  // Loaded with the first page: it is large, and a worker that has only known tracks never needs it.
  const { default: puppeteer } = await import('puppeteer');
  return await puppeteer.launch({
    executablePath,
    args: ['--lang=en-US', '--accept-lang=en-US,en', '--mute-audio', ...args],
    env: { ...env },
    headless: true,
    // It reads from us and ends when we do, also when nobody could tell it to.
    pipe: true,
    userDataDir,
    protocolTimeout: pageMs + CLOSE_MS,
    // The process that owns us decides when to end.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** A browser that lets go of its pipe still writes to its profile until its process has ended. */
const exitOf = (browser: Browser): Promise<void> =>
  new Promise((resolve) => {
    const child = browser.process();
    if (child === null || child.exitCode !== null || child.signalCode !== null) resolve();
    child?.once('exit', () => resolve());
  });

/** Starts a browser with an empty profile of its own, in English. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const profile = await newProfile();
  try {
    const browser = await launchIn(profile, options);
    const gone = exitOf(browser).then(() => removeProfile(profile));
    const end = async (): Promise<void> => {
      await close(browser);
      await within(gone, CLOSE_MS);
    };
    return { browser, gone, end };
  } catch (error) {
    await removeProfile(profile);
    throw error;
  }
}
