import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasPackagedChromium, packagedChromium } from './chromium-package.ts';
import { bareEnvironment } from './environment.ts';
import { localFailure } from './failure.ts';
import { run } from './run.ts';

export type Chromium = {
  readonly door: 'given' | 'system' | 'package';
  /** The program, good for `puppeteer.launch({ executablePath })`. */
  readonly path: string;
  /** What it must be launched with here, good for `puppeteer.launch({ args })`. */
  readonly args: readonly string[];
};

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const tryOut = (path: string, args: readonly string[]) =>
  run(path, args, { env: bareEnvironment(process.env), timeoutMs: 20_000 });

/** Some distributions ship a `chromium-browser` that only says how to install the real one: it has to tell its version. */
const works = async (path: string): Promise<boolean> => existsSync(path) && (await tryOut(path, ['--version'])).ok;

const systemChromium = async (env: NodeJS.ProcessEnv): Promise<string | null> => {
  const folders = (env['PATH'] ?? '').split(delimiter);
  const onPath = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of [...onPath, ...(process.platform === 'darwin' ? MAC : [])]) {
    if (await works(path)) return path;
  }
  return null;
};

/**
 * Chromium's own sandbox refuses root and needs user namespaces, which some systems close: asked by trying.
 * `/dev/shm` is 64 MB in containers, too small for a page with pictures.
 */
export const launchArguments = async (path: string): Promise<readonly string[]> => {
  const always = ['--disable-dev-shm-usage'];
  if (process.platform !== 'linux') return always;
  const tried = ['--headless', '--disable-gpu', '--dump-dom', 'data:text/html,sandboxed'];
  const sandboxed = process.getuid?.() !== 0 && (await tryOut(path, tried)).output.includes('sandboxed');
  return sandboxed ? always : [...always, '--no-sandbox'];
};

const choose = async (env: NodeJS.ProcessEnv, downloads: string): Promise<Omit<Chromium, 'args'>> => {
  const given = (env['CHROMIUM_PATH'] ?? '').trim();
  if (given !== '') return { door: 'given', path: given };
  const system = await systemChromium(env);
  if (system !== null) return { door: 'system', path: system };
  if (hasPackagedChromium) return { door: 'package', path: await packagedChromium(downloads) };
  throw localFailure(
    'There is no Chromium here. Install Chromium or Google Chrome, or name one: export CHROMIUM_PATH=…',
  );
};

/** Finds a browser: `CHROMIUM_PATH`, else one of the system, else the one of npm package `@sparticuz/chromium`. */
export const findChromium = async (env: NodeJS.ProcessEnv, downloads: string): Promise<Chromium> => {
  const chosen = await choose(env, downloads);
  return { ...chosen, args: await launchArguments(chosen.path) };
};
