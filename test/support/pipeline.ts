import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Pool } from 'pg';
import { openPool } from '#adapters/postgres/pool.ts';
import { registerSchemas } from '#app/schemas/register.ts';
import { applyTopics } from '#app/topics/apply.ts';
import { onCluster } from '#app/topics/cluster.ts';
import { readTopics } from '#app/topics/manifest.ts';
import type { WorkerName } from '#app/workers.ts';
import { type Services, startServices } from '#local/services.ts';
import { sandboxEnvironment } from '#sandbox/command.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { uniqueName } from './names.ts';
import { type Child, linernotes, type runChild, startChild } from './processes.ts';
import { within } from './within.ts';

// A whole pipeline of a test file's own: Kafka, registry and Postgres with empty data, all topics and schemas, the sandbox
// without latency, and workers as processes.

type Env = Readonly<Record<string, string | undefined>>;

const ROOT = resolve('.linernotes');
const quiet = (): void => undefined;

/** The environment without addresses of services: a pipeline's topics must be its own. */
export const withoutServices = ({
  KAFKA_BROKERS: _brokers,
  SCHEMA_REGISTRY_URL: _registry,
  DATABASE_URL: _database,
  ...env
}: NodeJS.ProcessEnv): NodeJS.ProcessEnv => env;

/** Budgets that no test reaches: what the governor does is tested elsewhere. */
const UNLIMITED = Object.fromEntries(
  ['SPOTIFY', 'CREDITS', 'MLC', 'MUSICBRAINZ', 'CHARTMETRIC'].map((name) => [`${name}_PER_SECOND`, '1000']),
);

export type PipelineOptions = {
  /** Added to the environment of every process. */
  readonly env?: Env;
  /** State of an earlier start to go on with; none: empty and removed at the end. */
  readonly stateDir?: string;
  /** Addresses of services to use instead of starting them, by the variable that names them. */
  readonly given?: Env;
};

export type Pipeline = {
  readonly services: Services;
  readonly sandbox: Sandbox;
  readonly pool: Pool;
  /** What `linernotes` needs to work on this pipeline. */
  readonly env: Env;
  /** A folder for files of this test. */
  readonly folder: string;
  /** Starts a worker; resolves when it is ready. */
  run(worker: WorkerName, env?: Env): Promise<Child>;
  /** Starts any command of linernotes. */
  start(args: readonly string[], env?: Env): Child;
  /** Runs any command of linernotes to its end. */
  command(...args: readonly string[]): ReturnType<typeof runChild>;
  /** Ingests files in a process; the answer of `--json`, one for each file. */
  ingest(...files: readonly string[]): Promise<readonly Ingested[]>;
  /** Waits until these runs are finished in the read model. */
  finished(runIds: readonly string[], deadlineMs?: number): Promise<void>;
  /** The last lines that each process logged, for the message of a failure. */
  lastWords(): string;
  /** Ends all processes and services; removes the state. */
  close(): Promise<void>;
};

/** The answer of `ingest --json` about one file. */
export type Ingested = {
  readonly file: string;
  readonly format: string | null;
  readonly refused: string | null;
  readonly runs: readonly {
    readonly runId: string;
    readonly state: string;
    readonly accepted: number;
    readonly rows: number;
    readonly repeats: number;
    readonly skipped: readonly { readonly row: number; readonly reason: string }[];
    readonly rejected: readonly { readonly row: number; readonly reason: string }[];
  }[];
};

/** The lines of `ingest --json`. */
export const ingestedOf = (out: string): readonly Ingested[] =>
  out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

async function onServices(services: Services, stateDir: string, options: PipelineOptions): Promise<Pipeline> {
  const brokers = services.kafkaBrokers.join(',');
  await onCluster(brokers, quiet, (admin) => applyTopics(admin, readTopics({ replication: 1 })));
  await registerSchemas({ url: services.schemaRegistryUrl, log: { warn: quiet } });
  const sandbox = await startSandbox({ pace: 'zero' });
  const env: Env = {
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: services.schemaRegistryUrl,
    DATABASE_URL: services.databaseUrl,
    CHROMIUM_PATH: services.chromiumPath,
    ...sandboxEnvironment(sandbox),
    ...UNLIMITED,
    // The shortest that every broker allows by default.
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    // Letters stay where they are until a test redrives them.
    PROVIDER_BACK_PER_SECOND: '0',
    PORT: '0',
    ...options.env,
  };
  const pool = openPool({ url: services.databaseUrl, max: 4, name: 'test', onLost: quiet });
  const children: Child[] = [];
  const folder = join(stateDir, 'files');
  mkdirSync(folder, { recursive: true });

  const start = (args: readonly string[], over: Env = {}): Child => {
    const child = startChild(linernotes(...args), { ...env, ...over });
    children.push(child);
    return child;
  };

  const lastWords = () => children.map(wordsOf).join('\n');

  const command = async (...args: readonly string[]) => {
    const child = start(args);
    const exit = await child.ended;
    return { exit, out: child.out(), err: child.err() };
  };

  return {
    services,
    sandbox,
    pool,
    env,
    folder,
    start,
    async run(worker, over) {
      const child = start(['run', worker], over);
      await child.says('metrics and health are served');
      await within(
        () => isReady(child),
        60_000,
        () => `${worker} to be ready:\n${child.err().slice(-4000)}`,
      );
      return child;
    },
    command,
    async ingest(...files) {
      const { exit, out, err } = await command('ingest', '--json', ...files);
      if (exit !== 0) throw new Error(`ingest ended with ${exit}:\n${err}\n${out}`);
      return ingestedOf(out);
    },
    finished: (runIds, deadlineMs = 120_000) =>
      within(
        async () => (await unfinished(pool, runIds)).length === 0,
        deadlineMs,
        () => `${runIds.length} runs to finish:\n${lastWords()}`,
      ),
    lastWords,
    async close() {
      await Promise.all(children.filter(({ alive }) => alive()).map((child) => child.kill()));
      await pool.end();
      await sandbox.stop();
      await services.stop();
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

const wordsOf = (child: Child): string =>
  `--- process ${child.pid}${child.alive() ? '' : ' (ended)'}\n${child.err().slice(-1500)}`;

async function isReady(child: Child): Promise<boolean> {
  if (!child.alive()) throw new Error(`A worker ended instead of getting ready:\n${child.err().slice(-4000)}`);
  const port = /"port":(\d+),"msg":"metrics and health are served"/.exec(child.err())?.[1];
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return answer?.ok === true;
}

async function unfinished(pool: Pool, runIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await pool.query<{ runId: string }>(
    `select id as "runId" from unnest($1::text[]) id where not exists (select from runs where run_id = id and finished)`,
    [runIds],
  );
  return rows.map(({ runId }) => runId);
}

/** Starts a pipeline; takes ten seconds or so. What did start is stopped again when something does not. */
export async function startPipeline(options: PipelineOptions = {}): Promise<Pipeline> {
  const stateDir = options.stateDir ?? join(ROOT, uniqueName('test-pipeline'));
  const services = await startServices({
    stateDir,
    downloads: join(ROOT, 'downloads'),
    env: { ...withoutServices(process.env), ...options.given },
    durable: false,
    log: quiet,
  });
  try {
    return await onServices(services, stateDir, options);
  } catch (error) {
    await services.stop();
    throw error;
  }
}

/** One track as our playlist format has it; only the id is needed. */
export type PlaylistTrack = { readonly track: string; readonly isrc?: string; readonly name?: string };

/** Writes a playlist in our own format; returns its path. */
export function playlistFile(
  folder: string,
  name: string,
  tracks: readonly PlaylistTrack[],
  snapshotId = 'first',
): string {
  const file = join(folder, `${name}-${snapshotId}.json`);
  const playlist = { id: name, name, snapshotId };
  writeFileSync(
    file,
    JSON.stringify({
      format: 'linernotes.playlist/1',
      playlist,
      fetchMethod: 'import',
      observedAt: OBSERVED_AT,
      tracks,
    }),
  );
  return file;
}

const OBSERVED_AT = '2026-01-02T03:04:05.000Z';
