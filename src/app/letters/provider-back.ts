import { setTimeout as elapsed } from 'node:timers/promises';
import { standingAccounts } from '#adapters/postgres/governor-standing.ts';
import { postgresPauses } from '#adapters/postgres/pauses.ts';
import { openByPlace } from '#adapters/postgres/redrives.ts';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import type { Worker } from '#app/worker.ts';
import type { LetterSelection } from '#feed/letter-ports.ts';
import type { PhaseName } from '#track/phase.ts';
import { AWAY, mayGo, type Standing } from './may-go.ts';
import { everyLetter, type Redriven, redriveByItself } from './redrive/redrive.ts';

/** How often it is looked whether a provider is back. */
const LOOK_MS = 5_000;
/** Nobody probes a provider for which nothing comes: then a letter does, this often. */
const PROBE_MS = 30_000;

type Rules = Pick<Config, 'PATIENCE_MS' | 'PROVIDER_BACK_PER_SECOND'>;

async function standingOf(phase: PhaseName, { PATIENCE_MS }: Rules, { pool, clock }: Connections): Promise<Standing> {
  const [pause, accounts, now] = await Promise.all([
    postgresPauses(pool).current(phase),
    standingAccounts(pool),
    clock(),
  ]);
  return { phase, now, accounts, pausedSince: pause?.since ?? null, patienceMs: PATIENCE_MS };
}

/**
 * Redrives by itself, at a bounded rate, the letters of one phase that say no more than that its provider, or an endpoint of it,
 * was away, as soon as it is back. What is to be sent follows from the letters and the stored pause alone, so a process that is killed
 * forgets nothing; a letter that fails again and again is left to people after a few redrives, those as a probe not counted.
 * @param rules `PROVIDER_BACK_PER_SECOND` letters a second
 */
export function startProviderBack(phase: PhaseName, rules: Rules, connections: Connections): Worker {
  const { pool, log } = connections;
  const stop = new AbortController();
  let probedAt = Number.NEGATIVE_INFINITY;

  const send = (selection: LetterSelection, probe: boolean): Promise<Redriven> =>
    redriveByItself(
      {
        selection,
        rate: rules.PROVIDER_BACK_PER_SECOND,
        max: probe ? 1 : null,
        probe,
        reason: 'The provider is back.',
        id: null,
      },
      connections,
      stop.signal,
    );

  const lookFor = async (code: (typeof AWAY)[number]): Promise<void> => {
    const selection = { ...everyLetter, phase, code };
    if ((await openByPlace(pool, selection)).length === 0) return;
    const may = mayGo(code, await standingOf(phase, rules, connections));
    const isTime = performance.now() - probedAt >= PROBE_MS;
    if (may === null || (may === 'probe' && !isTime)) return;
    if (may === 'probe') probedAt = performance.now();
    const { ends } = await send(selection, may === 'probe');
    log.info({ phase, code, may, ends }, 'letters of a provider that was away are redriven');
  };

  const look = async (): Promise<void> => {
    for (const code of AWAY) await lookFor(code);
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
