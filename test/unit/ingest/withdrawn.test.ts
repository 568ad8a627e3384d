import { describe, expect, it } from 'vitest';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { memoryIngests } from '#adapters/memory/ingest-store.ts';
import { ingestion } from '#ingest/ingest.ts';
import { ok } from '#stream/result.ts';
import { AT, trackId } from '#test/support/tracks.ts';

const TOPIC = 'tracks.raw';

/** A door through which tracks come that are not withdrawn; what is changes with the set. */
function aDoor(withdrawn: Set<string>) {
  const broker = memoryBroker();
  broker.createTopic(TOPIC, 1);
  const client = broker.connect();
  const ingest = ingestion({
    limits: { maxBytes: 10_000, maxRows: 100 },
    clock: async () => AT,
    withdrawn: async (trackIds) => new Set(trackIds.filter((id) => withdrawn.has(id))),
    publishing: {
      topic: TOPIC,
      openWriter: client.openWriter,
      reader: client.reader,
      encode: async (_, value) => ok(Buffer.from(JSON.stringify(value))),
      ingests: memoryIngests(),
      headersOf: (runId) => ({ 'run-id': runId }),
      backOff: async () => undefined,
    },
  });
  const sent = () => broker.records(TOPIC).map(({ value }) => JSON.parse(String(value)));
  return { ingest, sent };
}

const playlist = (...ids: readonly string[]) => Buffer.from(ids.map((id) => `spotify:track:${id}`).join('\n'));

const answerOf = (ingested: Awaited<ReturnType<ReturnType<typeof aDoor>['ingest']>>) =>
  'answer' in ingested ? ingested.answer.runs[0] : undefined;

const [ONE, TWO, GONE] = [trackId(1), trackId(2), trackId(3)];

describe('ingest of a withdrawn track', () => {
  it('rejects its rows by name, and takes the others with their positions', async () => {
    const { ingest, sent } = aDoor(new Set([GONE]));
    const ingested = await ingest(playlist(ONE, GONE, TWO, GONE), 'mix');
    expect(answerOf(ingested)).toMatchObject({
      state: 'published',
      accepted: 2,
      rows: 4,
      rejected: [
        { row: 2, value: GONE, reason: 'WITHDRAWN' },
        { row: 4, value: GONE, reason: 'WITHDRAWN' },
      ],
    });
    expect(sent().map(({ track, runTotal, playlist: { positions } }) => ({ track, runTotal, positions }))).toEqual([
      { track: ONE, runTotal: 2, positions: [0] },
      { track: TWO, runTotal: 2, positions: [2] },
    ]);
  });

  it('publishes nothing of a playlist that holds nothing else', async () => {
    const { ingest, sent } = aDoor(new Set([GONE]));
    expect(await ingest(playlist(GONE), 'mix')).toMatchObject({ kind: 'nothing_accepted' });
    expect(sent()).toEqual([]);
  });

  it('is the same run as before the withdrawal, so that nothing is published again', async () => {
    const withdrawn = new Set<string>();
    const { ingest, sent } = aDoor(withdrawn);
    const before = answerOf(await ingest(playlist(ONE, GONE), 'mix'));
    withdrawn.add(GONE);
    const after = answerOf(await ingest(playlist(ONE, GONE), 'mix'));
    expect(after).toMatchObject({ runId: before?.runId, state: 'already_published', accepted: 1 });
    expect(sent()).toHaveLength(2);
  });
});
