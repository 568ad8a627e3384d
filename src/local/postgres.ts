import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { bareEnvironment } from './environment.ts';
import { localFailure } from './failure.ts';
import { type PostgresProgram, postgresProgram } from './postgres-program.ts';
import { postgresUser, type RunAs } from './postgres-user.ts';
import { untilReady } from './ready.ts';
import { run } from './run.ts';
import { type Place, type Started, startedHere } from './started.ts';
import { startSupervised } from './supervised.ts';

const NAME = 'linernotes';

/** Made once per data folder: loopback is open to every account of the machine, and a superuser may run programs. */
const passwordOf = async (file: string): Promise<string> => {
  if (!existsSync(file)) await writeFile(file, randomBytes(16).toString('hex'), { mode: 0o600 });
  return await readFile(file, 'utf8');
};

const own = async (as: RunAs, path: string): Promise<void> => {
  if (as.owner !== null) await chown(path, as.owner.uid, as.owner.gid);
};

const init = async (program: PostgresProgram, as: RunAs, data: string, password: string): Promise<void> => {
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { mode: 0o700 });
  await own(as, data);
  const passwordFile = join(data, '..', `password.${process.pid}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  await own(as, passwordFile);
  const [command, ...args] = [
    ...[...as.prefix, program.initdb, `--pgdata=${data}`, `--username=${NAME}`, `--pwfile=${passwordFile}`],
    // The same sort order on every platform, and no locale of the machine in the data.
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...['--locale=C', '--no-sync', '--no-instructions'],
  ];
  const done = await run(command ?? program.initdb, args, {
    ...as.identity,
    env: bareEnvironment(process.env),
    cwd: '/',
  });
  await rm(passwordFile);
  if (!done.ok) throw localFailure(`Postgres could not make its data folder:\n${done.output.slice(-2000)}`);
};

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  await client.connect();
  return client;
};

const createDatabase = async (url: string): Promise<void> => {
  const client = await connect(`${url}/postgres`);
  const found = await client.query('select 1 from pg_database where datname = $1', [NAME]);
  if (found.rowCount === 0) await client.query(`create database ${NAME}`);
  await client.end();
};

const answers = (url: string) => async (): Promise<boolean> => {
  const client = await connect(`${url}/postgres`);
  await client.end();
  return true;
};

export type PostgresSettings = {
  /** Not durable means quicker, and broken data if the machine (not the process) dies. */
  readonly durable: boolean;
  /** The database's own cache of pages. A large database wants about a quarter of the machine's memory. */
  readonly sharedBuffersMb?: number;
};

const flags = (place: Place, { durable, sharedBuffersMb = 128 }: PostgresSettings): string[] => {
  const settings = {
    listen_addresses: '127.0.0.1',
    // No socket file: its default folder belongs to another account.
    unix_socket_directories: '',
    port: place.port,
    max_connections: 200,
    shared_buffers: `${sharedBuffersMb}MB`,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
};

/**
 * Starts Postgres 18 on `127.0.0.1:port` with the data of its last start; the address is a `postgres://` URL of its
 * superuser and database `linernotes`.
 */
export const startPostgres = async (place: Place, settings: PostgresSettings): Promise<Started> => {
  const program = await postgresProgram();
  await mkdir(place.data, { recursive: true });
  const as = await postgresUser(program.postgres, place.data);
  const password = await passwordOf(join(place.data, 'password'));
  const data = join(place.data, 'data');
  const complete = join(place.data, 'initialised');
  if (!existsSync(complete)) {
    await init(program, as, data, password);
    await writeFile(complete, '');
  }
  const [command, ...args] = [...as.prefix, program.postgres, '-D', data, ...flags(place, settings)];
  const service = await startSupervised({
    command: command ?? program.postgres,
    args,
    ...as.identity,
    cwd: '/',
    log: place.log,
    // "Fast shutdown": connections are ended, nothing is lost. SIGTERM would wait for clients to leave.
    signal: 'SIGINT',
    graceMs: 10_000,
  });
  const url = `postgres://${NAME}:${password}@127.0.0.1:${place.port}`;
  place.spawned(service);
  await untilReady('Postgres', service, place.log, answers(url));
  await createDatabase(url);
  return startedHere(`${url}/${NAME}`, service);
};
