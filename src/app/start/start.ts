import { fileURLToPath } from 'node:url';
import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import { isFree } from '#local/ports.ts';
import { type Config, configOf, type Problem } from '../config.ts';
import { addressesOf, type Connections, connect } from '../connect.ts';
import { type IngestedFile, ingestFiles, ingestLines, unreadable } from '../ingest-files.ts';
import { ingestInto } from '../ingestion.ts';
import { metrics } from '../metrics.ts';
import { progressOf } from '../progress.ts';
import { modesOf } from '../providers.ts';
import { untilStopped, type Worker } from '../worker.ts';
import { startWorkers } from '../workers.ts';
import { watchProgress } from './live.ts';
import { exitOf, isDone, ONCE_EXIT, summaryLines } from './outcome.ts';
import { type Platform, startPlatform } from './platform.ts';
import { runningEnvironment, tellRunning, untellRunning } from './running.ts';
import type { Screen } from './screen.ts';

/** The sandbox's playlist, which ships with the project. */
const SAMPLE = fileURLToPath(new URL('../../sandbox/sample-playlist.json', import.meta.url));

/** Draining takes seconds, and silence looks like a hang. */
const STOPPING =
  'Stopping: what is in hand is finished, then the services end. Once more ends at once. The data is kept.';

export type StartOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ingest, wait until all is complete, tell, end. */
  readonly once: boolean;
  readonly fresh: boolean;
  /** Files to ingest; none: the sample, with `once` or when the database is empty. */
  readonly files: readonly string[];
  readonly signal: AbortSignal;
  readonly screen: Screen;
  readonly width: () => number;
};

/** Runs the whole of linernotes on this machine. Returns the exit code, or what is wrong with the configuration. */
export async function start(options: StartOptions): Promise<number | { readonly problems: readonly Problem[] }> {
  const read = configOf(options.env);
  if (!read.ok) return read;
  const { env, fresh, screen, files } = options;
  const bad = await unreadable(files);
  if (files.length > 0 && bad.length === files.length) {
    for (const line of bad) screen.say(line);
    return ONCE_EXIT.badInput;
  }
  const taken = await takenPort(read.config);
  if (taken !== null) return { problems: [taken] };
  const platform = await startPlatform({ env, config: read.config, fresh, log: screen.say });
  if ('problems' in platform) return platform;
  const { LINERNOTES_STATE: stateDir } = read.config;
  tellRunning(stateDir, platform.env);
  try {
    return await onPlatform(platform, options);
  } finally {
    untellRunning(stateDir);
    await platform.stop();
  }
}

/** The page's port, if somebody else has it. A running `npm start` of this folder is told of by its lock, with its process. */
async function takenPort({ PORT, LINERNOTES_STATE }: Config): Promise<Problem | null> {
  const isOurs = Object.keys(runningEnvironment(LINERNOTES_STATE)).length > 0;
  if (PORT === 0 || isOurs || (await isFree(PORT))) return null;
  const message = `PORT is ${PORT}, and somebody listens there already: choose another one, or 0 for a free one (PORT=0 npm start).`;
  return { variable: 'PORT', message };
}

async function onPlatform(
  platform: Platform,
  options: StartOptions,
): Promise<number | { readonly problems: readonly Problem[] }> {
  const addresses = addressesOf(platform.config);
  if ('problems' in addresses) return addresses;
  const connections = await connect(platform.config, addresses, 'start');
  try {
    // A halted stage finishes no track: whoever waits for all of them is told instead.
    const workers = await startWorkers('all', platform.config, connections, metrics(), options.once);
    return await withWorkers(workers, platform.config, connections, options);
  } finally {
    await connections.close();
  }
}

async function withWorkers(
  workers: readonly Worker[],
  config: Config,
  connections: Connections,
  options: StartOptions,
): Promise<number> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const ended = untilStopped(workers, signal, config.DRAIN_DEADLINE_MS, connections.log);
  const work = atWork(workers, config, connections, { ...options, signal });
  options.signal.addEventListener('abort', () => options.screen.say(STOPPING), { once: true });
  try {
    const failed = ended.then((end) => {
      if (end.kind === 'stopped') return work;
      options.screen.say(`${end.worker} cannot go on: ${end.error.message}`);
      return ONCE_EXIT.failed;
    });
    return await Promise.race([work, failed]);
  } finally {
    stop.abort();
    await Promise.allSettled([work, ended]);
  }
}

async function atWork(
  workers: readonly Worker[],
  config: Config,
  connections: Connections,
  options: StartOptions,
): Promise<number> {
  banner(config, workers, options.screen);
  const files = await ingested(config, connections, options);
  return options.once ? once(files, config, connections, options) : forEver(config, connections, options);
}

function banner(config: Config, workers: readonly Worker[], { say }: Screen): void {
  const modes = Object.entries(modesOf(config));
  const named = (mode: string) => modes.flatMap(([phase, one]) => (one === mode ? [phase] : [])).join(', ');
  if (named('sandbox'))
    say(`SANDBOX DATA: ${named('sandbox')} answer from made-up stand-ins, not from real providers.`);
  for (const { url } of workers) if (url !== undefined) say(`The page is at ${url}/`);
  if (named('real')) say(`Real providers: ${named('real')}.`);
}

async function ingested(
  config: Config,
  connections: Connections,
  options: StartOptions,
): Promise<readonly IngestedFile[]> {
  const files = options.files.length > 0 ? options.files : (await wantsSample(connections, options)) ? [SAMPLE] : [];
  const answers = await ingestFiles(files, ingestInto(connections, config));
  for (const answer of answers) for (const line of ingestLines(answer)) options.screen.say(line);
  return answers;
}

async function wantsSample({ pool }: Connections, { once }: StartOptions): Promise<boolean> {
  return once || (await progressOf(postgresReads(pool), null)).runs.length === 0;
}

async function once(
  files: readonly IngestedFile[],
  config: Config,
  { pool }: Connections,
  options: StartOptions,
): Promise<number> {
  const runIds = files.flatMap(({ runs }) => runs.filter(({ accepted }) => accepted > 0).map(({ runId }) => runId));
  const progress = await watchProgress(postgresReads(pool), options.screen, {
    runIds,
    modes: modesOf(config),
    width: options.width,
    signal: options.signal,
    done: (seen) => isDone(seen, runIds),
  });
  options.screen.rest();
  for (const line of summaryLines(progress)) options.screen.say(line);
  return isDone(progress, runIds) ? exitOf(files, progress) : ONCE_EXIT.failed;
}

async function forEver(config: Config, { pool }: Connections, options: StartOptions): Promise<number> {
  const { screen, width, signal } = options;
  screen.say('^C stops it. More in another terminal: npm run linernotes -- status');
  await watchProgress(postgresReads(pool), screen, {
    runIds: null,
    modes: modesOf(config),
    width,
    signal,
    done: () => false,
  });
  return ONCE_EXIT.complete;
}
