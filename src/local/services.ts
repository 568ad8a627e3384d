import { join, resolve } from 'node:path';
import { type Chromium, findChromium } from './chromium.ts';
import { type Doors, SERVICES, type ServiceName } from './doors.ts';
import { type SearchResult, searchDoors } from './search.ts';
import { startHere } from './start-here.ts';
import type { Started } from './started.ts';
import { openState, type State } from './state.ts';

export type ServicesOptions = {
  /** Data, logs, lock and downloads; made if it is not there. */
  readonly stateDir: string;
  /** Programs fetched once; `downloads` in the state folder unless told otherwise. */
  readonly downloads?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Begin with empty data. What was fetched stays. */
  readonly fresh?: boolean;
  /** False for tests: quicker, and the data does not survive a power cut. True unless told otherwise. */
  readonly durable?: boolean;
  readonly ports?: Partial<Record<ServiceName, number>>;
  /** Gets one line per step, for a person to read. */
  readonly log: (line: string) => void;
};

export type Services = {
  readonly kafkaBrokers: readonly string[];
  readonly schemaRegistryUrl: string;
  readonly databaseUrl: string;
  readonly chromiumPath: string;
  readonly chromiumArgs: readonly string[];
  readonly doors: Doors & { readonly chromium: Chromium['door'] };
  /** Only the services that are processes of this machine. */
  readonly pids: Partial<Record<ServiceName, number>>;
  stop(): Promise<void>;
};

type Running = Record<ServiceName, Started> & { readonly chromium: Chromium };

const TITLE: Record<ServiceName, string> = { kafka: 'Kafka', registry: 'schema registry', postgres: 'Postgres' };

/** Testcontainers is big: it is loaded only where Docker is the door. */
const containers = () => import('./containers.ts');

const clear = async (state: State, doors: Doors, stateDir: string): Promise<void> => {
  state.clear();
  for (const name of SERVICES) {
    if (doors[name].kind === 'docker') await (await containers()).dropVolume(name, stateDir);
  }
};

const open = async (
  name: ServiceName,
  found: SearchResult,
  state: State,
  options: ServicesOptions,
): Promise<Started> => {
  const door = found.doors[name];
  if (door.kind === 'given') return { address: door.address, process: null, stop: async () => undefined };
  const from = performance.now();
  options.log(`starting ${TITLE[name]} ${door.kind === 'docker' ? 'in Docker' : 'on this machine'} …`);
  const started =
    door.kind === 'docker'
      ? await (await containers()).startContainer(name, options.stateDir)
      : await startHere(name, await state.place(name, options.ports?.[name] ?? null), {
          javas: found.javas,
          durable: options.durable ?? true,
        });
  options.log(`${TITLE[name]} answers after ${((performance.now() - from) / 1000).toFixed(1)} s`);
  return started;
};

const fulfilled = <T>(settled: PromiseSettledResult<T>): T => {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
};

/** What did start is stopped again before the first failure is passed on. */
const openAll = async (
  found: SearchResult,
  state: State,
  downloads: string,
  options: ServicesOptions,
): Promise<Running> => {
  const [kafka, registry, postgres, chromium] = await Promise.allSettled([
    open('kafka', found, state, options),
    open('registry', found, state, options),
    open('postgres', found, state, options),
    findChromium(options.env, downloads),
  ]);
  const parts = [registry, kafka, postgres];
  const failed = [...parts, chromium].find((part) => part.status === 'rejected');
  if (failed === undefined) {
    return {
      kafka: fulfilled(kafka),
      registry: fulfilled(registry),
      postgres: fulfilled(postgres),
      chromium: fulfilled(chromium),
    };
  }
  for (const part of parts) if (part.status === 'fulfilled') await part.value.stop();
  throw failed.reason;
};

const pidsOf = (running: Running): Services['pids'] =>
  Object.fromEntries(
    SERVICES.flatMap((name) => {
      const pid = running[name].process?.pid;
      return pid === undefined ? [] : [[name, pid]];
    }),
  );

/** The registry first, then the broker; Postgres last, for whoever still writes down how far it came. */
const stopper = (running: Running, state: State): (() => Promise<void>) => {
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    for (const name of ['registry', 'kafka', 'postgres'] as const) await running[name].stop();
    state.release();
  };
  return () => {
    stopped ??= stop();
    return stopped;
  };
};

/**
 * Starts Kafka, the schema registry and Postgres beside each other and finds a browser, each by its own door
 * (its environment variable, else Docker, else this machine). Returns when all answer. What it started ends with
 * this process, however that ends. Throws (see `isLocalFailure`) a text that names the mend when one cannot be had.
 */
export const startServices = async (options: ServicesOptions): Promise<Services> => {
  const downloads = resolve(options.downloads ?? join(options.stateDir, 'downloads'));
  const found = await searchDoors(options.env, downloads);
  const state = await openState(options.stateDir, downloads, options.log);
  try {
    if (options.fresh === true) await clear(state, found.doors, options.stateDir);
    const running = await openAll(found, state, downloads, options);
    return {
      kafkaBrokers: running.kafka.address.split(',').map((broker) => broker.trim()),
      schemaRegistryUrl: running.registry.address,
      databaseUrl: running.postgres.address,
      chromiumPath: running.chromium.path,
      chromiumArgs: running.chromium.args,
      doors: { ...found.doors, chromium: running.chromium.door },
      pids: pidsOf(running),
      stop: stopper(running, state),
    };
  } catch (error) {
    state.release();
    throw error;
  }
};
