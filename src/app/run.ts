import { isStageHalted } from '#stream/halt.ts';
import { isLogLost } from '#stream/loss.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { metrics } from './metrics.ts';
import { metricsServer } from './metrics-server.ts';
import { untilStopped, type Worker } from './worker.ts';
import { startWorkers, type WorkerName } from './workers.ts';

const HALTED_EXIT = 3;
const LOST_EXIT = 4;

/**
 * Runs a worker in production: serves its metrics and health, drains on the signal, ends when it cannot go on.
 * @returns 0 after a drain; 1 after a failure: the supervisor starts it again and it resumes where it stood; 3 when the stage is
 * halted, 4 when the log has lost its place: to start it again is no use before an operator has resumed it, or accepted the loss
 */
export async function run(
  name: WorkerName,
  config: Config,
  connections: Connections,
  signal: AbortSignal,
): Promise<number> {
  const { log } = connections;
  const told = metrics();
  let workers: readonly Worker[] | null = null;
  let failed = false;
  const health = { alive: () => !failed, ready: () => workers !== null && !failed && !signal.aborted };
  const server = await metricsServer(told.registry, health, { host: config.HOST, port: config.METRICS_PORT });
  log.info({ port: server.port }, 'metrics and health are served');
  try {
    workers = await startWorkers(name, config, connections, told);
    for (const worker of workers)
      worker.ended.catch(() => {
        failed = true;
      });
    const end = await untilStopped(workers, signal, config.DRAIN_DEADLINE_MS, log);
    if (end.kind === 'stopped') return 0;
    if (isLogLost(end.error)) return LOST_EXIT;
    return isStageHalted(end.error) ? HALTED_EXIT : 1;
  } catch (error) {
    if (!isStageHalted(error)) throw error;
    log.error({ error: error.message }, 'stage halted');
    return HALTED_EXIT;
  } finally {
    await server.close();
  }
}
