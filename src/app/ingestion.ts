import { setTimeout as sleep } from 'node:timers/promises';
import { postgresIngests } from '#adapters/postgres/ingests.ts';
import { withdrawnAmong } from '#adapters/postgres/withdrawn.ts';
import { type Ingest, ingestion } from '#ingest/ingest.ts';
import { cloudEventHeaders } from '#stream/envelope.ts';
import { PIPELINE_TOPICS } from '#track/topology.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { keepHeapSmall } from './memory.ts';

const [RAW] = PIPELINE_TOPICS;

/** First wait after a lost transaction; doubles, with full jitter, so that two clients part. */
const BACK_OFF_MS = 100;

/** The door by which playlist files enter this deployment. */
export const ingestInto = ({ broker, codec, pool, clock }: Connections, config: Config): Ingest => {
  keepHeapSmall();
  return ingestion({
    limits: { maxBytes: config.INGEST_MAX_BYTES, maxRows: config.INGEST_MAX_ROWS },
    clock,
    withdrawn: (trackIds) => withdrawnAmong(pool, trackIds),
    publishing: {
      topic: RAW,
      openWriter: broker.openWriter,
      reader: broker.reader,
      encode: codec.encode,
      ingests: postgresIngests(pool),
      headersOf: (runId, index, { track, observedAt }) => ({
        ...cloudEventHeaders({
          id: `${runId}:${index}`,
          type: RAW,
          source: '/ingest',
          subject: track,
          time: observedAt,
        }),
        'run-id': runId,
      }),
      backOff: (attempt) => sleep(Math.random() * BACK_OFF_MS * 2 ** attempt),
    },
  });
};
