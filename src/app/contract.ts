import { setTimeout as elapsed } from 'node:timers/promises';
import { type Drift, type GatheredContract, postgresContract } from '#adapters/postgres/contract.ts';
import type { Contract } from '#providers/contract.ts';
import type { Observe } from '#stream/metrics.ts';
import type { Connections } from './connect.ts';
import type { Worker } from './worker.ts';

const FLUSH_MS = 2_000;

/** Counts for the metrics of this process and for the database of all. */
export function contractWatch(
  { pool, log }: Pick<Connections, 'pool' | 'log'>,
  observe: Observe,
): { readonly contract: Contract; readonly worker: Worker } {
  const gathered = postgresContract(pool);
  return {
    contract: {
      checked: (provider, kind, answers) => {
        gathered.checked(provider, kind, answers);
        observe('linernotes_provider_answers_total', { provider, kind }, answers);
      },
      mismatched: (mismatch) => {
        const { provider, kind, field, problem } = mismatch;
        gathered.mismatched(mismatch);
        observe('linernotes_provider_mismatches_total', { provider, kind, field }, 1);
        log.debug({ provider, kind, field, problem }, 'an answer is not as agreed');
      },
    },
    worker: flushing(gathered, log),
  };
}

function flushing(gathered: GatheredContract, log: Connections['log']): Worker {
  const stop = new AbortController();
  const flush = () =>
    gathered.flush().catch((error: unknown) => log.warn({ error: String(error) }, 'drift was not written'));
  const untilStopped = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await elapsed(FLUSH_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      await flush();
    }
  };
  const ended = untilStopped();
  return {
    name: 'contract',
    ended,
    drain: async () => {
      stop.abort();
      await ended;
    },
  };
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '' : ` (${((100 * part) / whole).toFixed(1)} %)`;

/** For people: `chartmetric track: score is not there any more: 3 of 950 answers (0.3 %)`. */
export const driftLine = ({ provider, kind, field, problem, mismatches, answers }: Drift): string =>
  `${provider} ${kind}: ${field}: ${problem}: ${mismatches} of ${Math.max(answers, mismatches)} answers${percent(mismatches, Math.max(answers, mismatches))}`;
