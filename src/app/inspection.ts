import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { postgresPauses } from '#adapters/postgres/pauses.ts';
import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import { readCalls, readDone } from '#adapters/postgres/reads/track-history.ts';
import { readWithdrawn } from '#adapters/postgres/reads/withdrawal.ts';
import { registryRest } from '#adapters/registry/rest.ts';
import type { OpenLetter } from '#feed/letter-ports.ts';
import type { ReadTimeline, ReadTrackAt } from '#feed/timeline-ports.ts';
import type { Connections } from './connect.ts';
import { letterOpener } from './letters/open-letter.ts';
import { pastReader } from './timeline/as-it-was.ts';
import { timelineReader } from './timeline/timeline.ts';

/** Looking closely: one letter, one track. */
export type Inspection = {
  readonly openLetter: OpenLetter;
  readonly readTimeline: ReadTimeline;
  readonly readTrackAt: ReadTrackAt;
  close(): Promise<void>;
};

/** What one timeline looks at for a person at a terminal, and less for whoever asks the feed: it has others to serve meanwhile. */
export const MOST_RECORDS = 500_000;
export const MOST_RECORDS_OF_THE_FEED = 100_000;

/**
 * Looks into the log on this process's connections. Connects to the broker at the first question.
 * @param most records that one timeline looks at before it stops
 */
export function inspect(
  { addresses, broker, codec, pool, log }: Connections,
  { most = MOST_RECORDS }: { readonly most?: number } = {},
): Inspection {
  const admin = kafkaAdmin({ brokers: addresses.brokers, clientId: 'linernotes-inspection', log });
  const registry = registryRest(addresses.registryUrl, log);
  const pauses = postgresPauses(pool);
  const records = {
    reader: broker.reader,
    since: admin.since,
    decode: codec.decode,
    track: postgresReads(pool).track,
    most,
  };
  const readTimeline = timelineReader({
    ...records,
    calls: (keys) => readCalls(pool, keys),
    done: (targets) => readDone(pool, targets),
    committed: async (group, at) => {
      const offsets = await admin.groupOffsets(group, [at.topic]);
      return offsets.find(({ partition }) => partition === at.partition)?.offset ?? null;
    },
    pause: async (stage) => {
      const pause = await pauses.current(stage);
      return pause === null ? null : { reason: pause.reason, since: new Date(pause.since).toISOString() };
    },
  });
  const readTrackAt = pastReader(records);
  const isWithdrawn = async (trackId: string): Promise<boolean> => (await readWithdrawn(pool, trackId)) !== null;
  return {
    openLetter: letterOpener(broker.reader, codec.decode, registry.standing),
    // The log still has the events of a withdrawn track; nobody is told.
    readTimeline: async (trackId) => ((await isWithdrawn(trackId)) ? null : readTimeline(trackId)),
    readTrackAt: async (trackId, at) => ((await isWithdrawn(trackId)) ? null : readTrackAt(trackId, at)),
    close: admin.close,
  };
}
