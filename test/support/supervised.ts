import type { WorkerName } from '#app/workers.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Runs workers as production does: one that ends, for a busy machine may cut its connections, is started again.
 * @returns what ends the starting again; the pipeline ends the workers
 */
export async function supervised(pipeline: Pipeline, names: readonly WorkerName[]): Promise<() => void> {
  let isOver = false;
  const keep = async (name: WorkerName): Promise<void> => {
    const { ended } = await pipeline.run(name);
    void ended.then(() => (isOver ? undefined : keep(name))).catch(() => undefined);
  };
  for (const name of names) await keep(name);
  return () => {
    isOver = true;
  };
}
