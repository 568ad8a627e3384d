import type { Registry } from 'prom-client';
import { postgresFeedLog } from '#adapters/postgres/feed-log.ts';
import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import { startFeed } from '#feed/server.ts';
import { cancelRun } from './cancel.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { ingestInto } from './ingestion.ts';
import { inspect, MOST_RECORDS_OF_THE_FEED } from './inspection.ts';
import { letterOrders } from './letters/feed-orders.ts';
import { modesOf } from './providers.ts';
import { replaysOn } from './replay/replays.ts';
import { withdrawalsOn } from './withdraw/withdrawals.ts';
import type { Worker } from './worker.ts';

/** Starts the feed server on this process's connections. */
export async function startFeedWorker(
  config: Config,
  connections: Connections,
  registry: Registry,
): Promise<Worker & { readonly url: string }> {
  const { pool, log } = connections;
  const inspection = inspect(connections, { most: MOST_RECORDS_OF_THE_FEED });
  const replays = replaysOn(connections, config);
  const orders = letterOrders(connections, config);
  const over = Promise.withResolvers<void>();
  const server = await startFeed(
    { host: config.HOST, port: config.PORT, maxBodyBytes: config.INGEST_MAX_BYTES },
    {
      reads: postgresReads(pool),
      log: postgresFeedLog(pool),
      ingest: ingestInto(connections, config),
      cancel: (runId, how) => cancelRun(connections, runId, how),
      openLetter: inspection.openLetter,
      readTimeline: inspection.readTimeline,
      readTrackAt: inspection.readTrackAt,
      replays,
      letterOrders: orders,
      withdrawals: withdrawalsOn(connections),
      ready: async () => void (await pool.query('select 1')),
      providers: modesOf(config),
      registry,
      failed: (error, request) =>
        log.error({ ...request, error: error instanceof Error ? error.message : String(error) }, 'feed.failed'),
    },
  );
  log.info({ url: server.url }, 'feed.listening');
  return {
    name: 'feed',
    url: server.url,
    ended: over.promise,
    drain: async () => {
      await server.close();
      await orders.close();
      await inspection.close();
      await replays.close();
      over.resolve();
    },
  };
}
