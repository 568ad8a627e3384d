import { setTimeout as elapsed } from 'node:timers/promises';
import {
  forgetAnswers,
  isTimeToPrune,
  type Keeping,
  type LedgerStatistics,
  ledgerStatistics,
  pruneLedger,
  type Wrong,
} from '#adapters/postgres/ledger-upkeep.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import type { Worker } from './worker.ts';

const keepingOf = (config: Config): Keeping => ({
  days: {
    spotify: config.SPOTIFY_RETENTION_DAYS,
    'web-player': config.WEB_PLAYER_RETENTION_DAYS,
    mlc: config.MLC_RETENTION_DAYS,
    musicbrainz: config.MUSICBRAINZ_RETENTION_DAYS,
    chartmetric: config.CHARTMETRIC_RETENTION_DAYS,
    reccobeats: config.RECCOBEATS_RETENTION_DAYS,
  },
  mostEntries: config.LEDGER_MAX_ENTRIES,
});

/** What the ledger can be told to do by its operator. */
export type LedgerOrder =
  | { readonly kind: 'stats' }
  | { readonly kind: 'prune' }
  | { readonly kind: 'forget'; readonly wrong: Wrong };

/** What came of it: for people, and for programs. */
export type LedgerAnswer = { readonly lines: readonly string[]; readonly json: unknown };

/** Does what the operator wants with the ledger. */
export async function orderLedger(
  order: LedgerOrder,
  { pool }: Pick<Connections, 'pool'>,
  config: Config,
  signal: AbortSignal,
): Promise<LedgerAnswer> {
  switch (order.kind) {
    case 'stats': {
      const statistics = await ledgerStatistics(pool);
      return { lines: statisticsLines(statistics), json: statistics };
    }
    case 'prune': {
      const pruned = await pruneLedger(pool, keepingOf(config), signal);
      const line = `${pruned.old} answers were kept too long and ${pruned.surplus} were too many: dropped.`;
      return { lines: [line], json: pruned };
    }
    case 'forget': {
      const forgotten = await forgetAnswers(pool, order.wrong);
      return { lines: [`${forgotten} answers forgotten; they are asked for again when needed.`], json: { forgotten } };
    }
  }
}

const COLUMNS = ['entries', 'found', 'not_found', 'restricted', 'not_offered', 'bytes'] as const;
const NAME_WIDTH = 36;
const WIDTH = 14;

function statisticsLines({ shelves, claims, bytesOnDisk }: LedgerStatistics): readonly string[] {
  const row = (name: string, cells: readonly (string | number)[]) =>
    name.padEnd(NAME_WIDTH) + cells.map((cell) => String(cell).padStart(WIDTH)).join('');
  const day = (moment: string) => moment.slice(0, 10);
  return [
    row('provider/kind', [...COLUMNS, 'oldest', 'newest']),
    ...shelves.map((shelf) =>
      row(`${shelf.provider}/${shelf.kind}`, [
        ...COLUMNS.map((column) => shelf[column]),
        day(shelf.oldest),
        day(shelf.newest),
      ]),
    ),
    '',
    `${bytesOnDisk} bytes on disk; ${claims} keys are being asked for.`,
  ];
}

/** Timers take no longer waits. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Drops from time to time what is kept too long; of all processes one does it. Trouble is logged, and tried again the next time. */
export function startLedgerUpkeep(config: Config, { pool, log }: Pick<Connections, 'pool' | 'log'>): Worker {
  const stop = new AbortController();
  const everyMs = Math.min(config.LEDGER_PRUNE_EVERY_MS, LONGEST_WAIT_MS);

  const prune = async (): Promise<void> => {
    if (!(await isTimeToPrune(pool, everyMs))) return;
    log.info(await pruneLedger(pool, keepingOf(config), stop.signal), 'ledger pruned');
  };
  const untilStopped = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await prune().catch((error: unknown) => log.warn({ error: String(error) }, 'the ledger was not pruned'));
      await elapsed(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const ended = untilStopped();

  return {
    name: 'ledger',
    ended,
    drain: async () => {
      stop.abort();
      await ended;
    },
  };
}
