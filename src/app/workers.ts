import { PHASES, type PhaseName } from '#track/phase.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { startLatest } from './latest-worker.ts';
import { keepHeapSmall } from './memory.ts';
import type { metrics } from './metrics.ts';
import { startPhases } from './phase-workers.ts';
import { startProjector } from './projector-worker.ts';
import { startFeeder } from './replay/feeder.ts';
import { drainAll, type Worker } from './worker.ts';

/** What `linernotes run` can run. `all` is everything in one process. */
export const WORKERS = [...PHASES, 'projector', 'replays', 'feed', 'all'] as const;

export type WorkerName = (typeof WORKERS)[number];

type Metrics = ReturnType<typeof metrics>;

const isPhase = (name: string): name is PhaseName => (PHASES as readonly string[]).includes(name);

/**
 * Starts a worker, or all of them, on one process's connections.
 * @param haltEnds whether a stage that halts ends its worker; else it stands still and the others go on
 * @returns the workers, to be drained together
 * @throws `stageHalted` when `haltEnds` and a stage is halted
 */
export async function startWorkers(
  name: WorkerName,
  config: Config,
  connections: Connections,
  told: Metrics,
  haltEnds = name !== 'all',
): Promise<readonly Worker[]> {
  keepHeapSmall();
  const names = name === 'all' ? WORKERS.filter((one) => one !== 'all') : [name];
  const workers: Worker[] = [];
  try {
    await startPhases(names.filter(isPhase), config, connections, { observe: told.observe, haltEnds }, workers);
    for (const one of names) if (!isPhase(one)) workers.push(...(await started(one)));
    return workers;
  } catch (error) {
    // Those that run already would keep the process, and their connections, alive.
    await drainAll(workers, config.DRAIN_DEADLINE_MS, connections.log);
    throw error;
  }

  async function started(one: Exclude<WorkerName, PhaseName>): Promise<readonly Worker[]> {
    if (one === 'projector') return [await startProjector(connections), startLatest(connections, told.observe)];
    if (one === 'replays') return [startFeeder(config, connections)];
    return [await startFeed(config, connections, told)];
  }
}

/** The web server is loaded only where it runs: it takes as much memory as all phases together. */
async function startFeed(config: Config, connections: Connections, { registry }: Metrics): Promise<Worker> {
  const { startFeedWorker } = await import('./feed-worker.ts');
  return startFeedWorker(config, connections, registry);
}
