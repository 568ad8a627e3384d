import { setTimeout as elapsed } from 'node:timers/promises';
import { postgresMlcBulk } from '#adapters/postgres/mlc-bulk.ts';
import { type BulkLoaded, loadBulkFeed } from '#providers/mlc/bulk/load.ts';
import type { BulkStore } from '#providers/mlc/bulk/store.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import type { Worker } from './worker.ts';

/** How often it is looked whether another feed lies in the folder, or whether the process that was loading it has died. */
const LOOK_MS = 60_000;

/** The store of bulk feeds, where the operator names a folder of them. */
export const bulkStoreOf = (config: Config, { pool }: Pick<Connections, 'pool'>): BulkStore | null =>
  config.MLC_BULK_DIR === undefined ? null : postgresMlcBulk(pool);

/**
 * Brings the feed in the folder into the database, whenever there is another one; of all processes one does it. The feed before
 * answers meanwhile. Trouble is logged, and tried again the next time.
 */
export function startBulkUpkeep(folder: string, store: BulkStore, { log }: Pick<Connections, 'log'>): Worker {
  const stop = new AbortController();

  const look = async (): Promise<void> => {
    try {
      tell(await loadBulkFeed(folder, store, stop.signal));
    } catch (error) {
      if (!stop.signal.aborted) log.warn({ folder, error: String(error) }, 'the bulk feed of The MLC was not loaded');
    }
  };
  const tell = (loaded: BulkLoaded): void => {
    if (loaded.kind === 'loaded') log.info({ folder, snapshot: loaded.snapshot }, 'a bulk feed of The MLC is in');
    if (loaded.kind === 'incomplete') log.warn({ folder, missing: loaded.missing }, 'the bulk feed lacks files');
  };
  const untilStopped = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await look();
      await elapsed(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const ended = untilStopped();

  return {
    name: 'mlc-bulk',
    ended,
    drain: async () => {
      stop.abort();
      await ended;
    },
  };
}
