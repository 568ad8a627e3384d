import type { Logger } from './log.ts';

/** Anything that runs until it is told to stop. */
export type Worker = {
  readonly name: string;
  /** Where people reach it, if they do. */
  readonly url?: string;
  /** Resolves after `drain`; rejects when it cannot go on. */
  readonly ended: Promise<void>;
  /** Finishes what it has in hand, for at most so many milliseconds. */
  drain(deadlineMs: number): Promise<void>;
};

/**
 * Runs workers until the signal aborts or one of them fails, then drains them all.
 * @returns `stopped`, or the failure of the worker that could not go on
 */
export async function untilStopped(
  workers: readonly Worker[],
  signal: AbortSignal,
  deadlineMs: number,
  log: Logger,
): Promise<{ readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly worker: string; readonly error: Error }> {
  const stopped = new Promise<{ kind: 'stopped' }>((resolve) => {
    if (signal.aborted) resolve({ kind: 'stopped' });
    signal.addEventListener('abort', () => resolve({ kind: 'stopped' }), { once: true });
  });
  const failures = workers.map(({ name, ended }) =>
    ended.then(
      () => stopped,
      (error: unknown) => ({ kind: 'failed' as const, worker: name, error: errorOf(error) }),
    ),
  );
  const end = await Promise.race([stopped, ...failures]);
  if (end.kind === 'failed')
    log.error({ worker: end.worker, error: end.error.message, stack: end.error.stack }, 'worker failed');
  await drainAll(workers, deadlineMs, log);
  return end;
}

/** Drains all beside each other; a worker that cannot even drain does not keep the others from it. */
export async function drainAll(workers: readonly Worker[], deadlineMs: number, log: Logger): Promise<void> {
  const drained = await Promise.allSettled(workers.map((worker) => worker.drain(deadlineMs)));
  for (const [index, result] of drained.entries())
    if (result.status === 'rejected')
      log.warn({ worker: workers[index]?.name, error: errorOf(result.reason).message }, 'worker did not drain');
}

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
