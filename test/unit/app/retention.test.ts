import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import type { KafkaAdmin } from '#adapters/kafka/admin.ts';
import { retentionRisks, riskLine } from '#app/retention.ts';
import type { LogReader } from '#stream/ports.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = Date.UTC(2026, 0, 31);
const RAW = { topic: 'tracks.raw', partition: 0 };

/** A cluster on which only `tracks.raw` and one dead-letter topic forget, after a week. */
const cluster = (written: { readonly unread: number; readonly start: number }) => {
  const admin = {
    describe: async (names: readonly string[]) =>
      names.map((name) => ({
        name,
        partitions: 1,
        replication: 1,
        config: { 'retention.ms': ['tracks.raw', 'tracks.credits.dlq'].includes(name) ? String(7 * DAY_MS) : '-1' },
      })),
    ends: async (topic: string) => [{ topic, partition: 0, offset: 100 }],
    starts: async (topic: string) => [{ topic, partition: 0, offset: written.start }],
    groupOffsets: async (_group: string, [topic = '']: readonly string[]) => [
      { topic, partition: 0, offset: 40, note: null },
    ],
  } as Partial<KafkaAdmin> as KafkaAdmin;
  const reader = {
    read: async function* () {
      yield { ...RAW, offset: 40, timestamp: written.unread, key: null, value: null, headers: {} };
    },
  } as Partial<LogReader> as LogReader;
  return { admin, reader };
};

/** A database in which these are the open letters. */
const letters = (...rows: readonly object[]): Pick<Pool, 'query'> => {
  const query: unknown = async () => ({ rows });
  return { query: query as Pool['query'] };
};

const risksOf = (written: { unread: number; start: number }, pool: Pick<Pool, 'query'>) => {
  const { admin, reader } = cluster(written);
  return retentionRisks(admin, reader, pool, NOW);
};

test('unread records of yesterday are at no risk on a topic that keeps a week', async () => {
  expect(await risksOf({ unread: NOW - DAY_MS, start: 0 }, letters())).toEqual([]);
});

test('unread records that have reached three quarters of the retention are told, with the mend', async () => {
  const risks = await risksOf({ unread: NOW - 6 * DAY_MS, start: 0 }, letters());
  expect(risks.map(riskLine)).toEqual([
    'retention: tracks.spotify has not read tracks.raw/0 since 2026-01-25T00:00:00.000Z, and it keeps 7 days: raise retention.ms, or see why the group stands',
  ]);
});

test('what retention has taken already is told as lost', async () => {
  const risks = await risksOf({ unread: NOW, start: 41 }, letters());
  expect(risks.map(riskLine)).toEqual([
    'lost: tracks.spotify has not read tracks.raw/0 to where retention (7 days) has been',
  ]);
});

test('open letters that retention comes close to are told too', async () => {
  const old = { group: 'tracks.credits', topic: 'tracks.credits.dlq', partition: 0, offset: 3, at: NOW - 6 * DAY_MS };
  const risks = await risksOf({ unread: NOW, start: 0 }, letters(old));
  expect(risks.map(riskLine)).toEqual([
    'retention: open letters of tracks.credits stand in tracks.credits.dlq/0 since 2026-01-25T00:00:00.000Z, and it keeps 7 days: raise retention.ms, or redrive or resolve them',
  ]);
});
