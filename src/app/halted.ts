import { isStageHalted } from '#stream/halt.ts';
import type { Logger } from './log.ts';
import type { Worker } from './worker.ts';

/**
 * Starts a worker so that its halt concerns nobody else: it stands still until it is drained, and the others go on. For processes
 * that run many; a worker of its own ends instead, so that its supervisor sees it.
 */
export async function standingStill(name: string, start: () => Promise<Worker>, log: Logger): Promise<Worker> {
  const drained = Promise.withResolvers<void>();
  const stand = (error: unknown): Promise<void> => {
    if (!isStageHalted(error)) throw error;
    log.error({ worker: name, error: error.message }, 'stage halted; the others go on');
    return drained.promise;
  };
  try {
    const worker = await start();
    const drain = (deadlineMs: number) => worker.drain(deadlineMs).finally(drained.resolve);
    return { ...worker, ended: worker.ended.catch(stand), drain };
  } catch (error) {
    return { name, ended: stand(error), drain: async () => drained.resolve() };
  }
}
