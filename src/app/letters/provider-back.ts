import { setTimeout as elapsed } from 'node:timers/promises';
import { postgresPauses } from '#adapters/postgres/pauses.ts';
import { openByPlace } from '#adapters/postgres/redrives.ts';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import type { Worker } from '#app/worker.ts';
import type { PhaseName } from '#track/phase.ts';
import { everyLetter, type Redriven, redriveByItself } from './redrive/redrive.ts';

/** How often it is looked whether a provider is back. */
const LOOK_MS = 5_000;
/** Nobody probes a provider for which nothing comes: then a letter does, this often. */
const PROBE_MS = 30_000;

type Rules = Pick<Config, 'PATIENCE_MS' | 'PROVIDER_BACK_PER_SECOND'>;

/** What may be sent again now: all, one as a probe, or nothing. */
async function mayGo(
  phase: PhaseName,
  { PATIENCE_MS }: Rules,
  { pool, clock }: Connections,
): Promise<'all' | 'probe' | null> {
  const pause = await postgresPauses(pool).current(phase);
  if (pause === null) return 'all';
  return (await clock()) > pause.since + PATIENCE_MS ? 'probe' : null;
}

/**
 * Redrives by itself, at a bounded rate, the letters of one phase that say no more than that its provider was down, as soon as the
 * stage is not paused any more. What is to be sent follows from the letters and the stored pause alone, so a process that is killed
 * forgets nothing; a letter that fails again and again is left to people after a few redrives.
 * @param rules `PROVIDER_BACK_PER_SECOND` letters a second
 */
export function startProviderBack(phase: PhaseName, rules: Rules, connections: Connections): Worker {
  const { pool, log } = connections;
  const stop = new AbortController();
  const selection = { ...everyLetter, phase, code: 'PROVIDER_DOWN' };
  let probedAt = Number.NEGATIVE_INFINITY;

  const send = (max: number | null): Promise<Redriven> =>
    redriveByItself(
      { selection, rate: rules.PROVIDER_BACK_PER_SECOND, max, reason: 'The provider is back.', id: null },
      connections,
      stop.signal,
    );

  const look = async (): Promise<void> => {
    if ((await openByPlace(pool, selection)).length === 0) return;
    const may = await mayGo(phase, rules, connections);
    const isTime = performance.now() - probedAt >= PROBE_MS;
    if (may === null || (may === 'probe' && !isTime)) return;
    if (may === 'probe') probedAt = performance.now();
    const { ends } = await send(may === 'probe' ? 1 : null);
    log.info({ phase, may, ends }, 'letters of a provider that was down are redriven');
  };

  const untilStopped = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await elapsed(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      await look().catch((error: unknown) => log.warn({ phase, error: String(error) }, 'letters were not redriven'));
    }
  };
  const ended = untilStopped();

  return {
    name: `${phase} letters`,
    ended,
    drain: async () => {
      stop.abort();
      await ended;
    },
  };
}
