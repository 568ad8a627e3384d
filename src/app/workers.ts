import type { BulkStore } from '#providers/mlc/bulk/store.ts';
import { PHASES, type PhaseName } from '#track/phase.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { contractWatch } from './contract.ts';
import { startLedgerUpkeep } from './ledger.ts';
import { keepHeapSmall } from './memory.ts';
import type { metrics } from './metrics.ts';
import { bulkStoreOf, startBulkUpkeep } from './mlc-bulk.ts';
import { type Pages, pagesOf } from './pages.ts';
import { startPhase } from './phase-worker.ts';
import { startProjector } from './projector-worker.ts';
import { providersOf, sharedPorts } from './providers.ts';
import { startFeeder } from './replay/feeder.ts';
import { drainAll, type Worker } from './worker.ts';

/** What `linernotes run` can run. `all` is everything in one process. */
export const WORKERS = [...PHASES, 'projector', 'replays', 'feed', 'all'] as const;

export type WorkerName = (typeof WORKERS)[number];

type Metrics = ReturnType<typeof metrics>;

const isPhase = (name: string): name is PhaseName => (PHASES as readonly string[]).includes(name);

/**
 * Starts a worker, or all of them, on one process's connections.
 * @returns the workers, to be drained together
 */
export async function startWorkers(
  name: WorkerName,
  config: Config,
  connections: Connections,
  told: Metrics,
): Promise<readonly Worker[]> {
  keepHeapSmall();
  const names = name === 'all' ? WORKERS.filter((one) => one !== 'all') : [name];
  const pages = names.includes('credits') ? await pagesOf(config) : null;
  const bulk = bulkStoreOf(config, connections);
  const watch = contractWatch(connections, told.observe);
  const ports = { ...sharedPorts(config, connections), contract: watch.contract };
  const clients = providersOf(config, ports, pages?.read ?? null, bulk);
  const workers: Worker[] = [
    watch.worker,
    ...upkeep(names, config, connections),
    ...bulkUpkeep(names, config, bulk, connections),
  ];
  try {
    for (const one of names) workers.push(...(await started(one)));
    return workers;
  } catch (error) {
    // Those that run already would keep the process, and their connections, alive.
    await drainAll(workers, config.DRAIN_DEADLINE_MS, connections.log);
    throw error;
  }

  async function started(one: WorkerName): Promise<readonly Worker[]> {
    if (isPhase(one)) return [closing(await startPhase(one, clients, config, connections, told.observe), pages)];
    if (one === 'projector') return [await startProjector(connections)];
    if (one === 'replays') return [startFeeder(config, connections)];
    return [await startFeed(config, connections, told)];
  }
}

/** The web server is loaded only where it runs: it takes as much memory as all phases together. */
async function startFeed(config: Config, connections: Connections, { registry }: Metrics): Promise<Worker> {
  const { startFeedWorker } = await import('./feed-worker.ts');
  return startFeedWorker(config, connections, registry);
}

/** Where the ledger is used it is also looked after. */
const upkeep = (names: readonly string[], config: Config, connections: Connections): readonly Worker[] =>
  names.some(isPhase) ? [startLedgerUpkeep(config, connections)] : [];

/** The feed is brought in where it is read. */
const bulkUpkeep = (
  names: readonly string[],
  { MLC_BULK_DIR: folder }: Config,
  bulk: BulkStore | null,
  connections: Connections,
): readonly Worker[] =>
  names.includes('publishing') && folder !== undefined && bulk !== null
    ? [startBulkUpkeep(folder, bulk, connections)]
    : [];

/** The credits worker takes its browser with it when it ends. */
const closing = (worker: Worker, pages: Pages | null): Worker =>
  worker.name !== 'credits' || pages === null
    ? worker
    : { ...worker, drain: (deadlineMs) => worker.drain(deadlineMs).finally(pages.close) };
