import { describe, expect, it } from 'vitest';
import { type MemoryBroker, type MemoryClient, memoryBroker } from '#adapters/memory/broker.ts';
import { memoryIngests } from '#adapters/memory/ingest-store.ts';
import { A_PLAYLIST_FILE, trackRow } from '#ingest/playlist-file.ts';
import type { IngestStore } from '#ingest/ports.ts';
import { type PublishPorts, publish } from '#ingest/publish.ts';
import { runOf } from '#ingest/run.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok } from '#stream/result.ts';
import { AT, trackId } from '#test/support/tracks.ts';

const TOPIC = 'tracks.raw';
const run = runOf({ ...A_PLAYLIST_FILE, id: 'p', rows: [1, 2, 3].map((n) => trackRow(trackId(n))) }, null, AT);

class Killed extends Error {}

/** Counts every call to the outside and dies before or after the n-th: what it had done stays, what follows never happens. */
function mortal(client: MemoryClient, ingests: IngestStore, dieAt: number): PublishPorts {
  let calls = 0;
  const step = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    calls += 1;
    if (calls === dieAt) throw new Killed();
    const value = await work();
    calls += 1;
    if (calls === dieAt) throw new Killed();
    return value;
  };
  return {
    topic: TOPIC,
    openWriter: (id) =>
      step(async () => {
        const writer = await client.openWriter(id);
        return {
          committed: writer.committed,
          commit: (records, progress) => step(() => writer.commit(records, progress)),
          close: writer.close,
        };
      }),
    reader: { ends: (topic) => step(() => client.reader.ends(topic)), read: client.reader.read },
    ingests: {
      find: (runId) => step(() => ingests.find(runId)),
      begin: (runId, from) => step(() => ingests.begin(runId, from)),
      finish: (runId) => step(() => ingests.finish(runId)),
    },
    encode: async (_, value) => ok(Buffer.from(JSON.stringify(value))),
    headersOf: (runId) => ({ 'run-id': runId }),
    backOff: async () => undefined,
  };
}

const tracksOf = (broker: MemoryBroker) =>
  broker
    .records(TOPIC)
    .map(({ key }) => key?.toString())
    .sort();

function aBroker() {
  const broker = memoryBroker();
  broker.createTopic(TOPIC, 6);
  return { broker, ingests: memoryIngests() };
}

const NEVER = 0;
const THREE = [trackId(1), trackId(2), trackId(3)];
/** open, find, ends, begin, commit, finish: each can be the last thing before or after which the process lives. */
const STEPS = 12;

describe('publishing a run', () => {
  it('writes one event per track', async () => {
    const { broker, ingests } = aBroker();
    expect(await publish(run, mortal(broker.connect(), ingests, NEVER))).toBe('published');
    expect(tracksOf(broker)).toEqual(THREE);
  });

  it.each(Array.from({ length: STEPS }, (_, i) => i + 1))(
    'killed at step %i, ends the same after another try',
    async (step) => {
      const { broker, ingests } = aBroker();
      const client = broker.connect();
      await expect(publish(run, mortal(client, ingests, step))).rejects.toThrow(Killed);
      client.kill();
      await publish(run, mortal(broker.connect(), ingests, NEVER));
      expect(tracksOf(broker)).toEqual(THREE);
      expect(await ingests.find(run.runId)).toEqual({ state: 'published' });
    },
  );

  it('makes each event when it is sent, and says which one could not be made', async () => {
    const { broker, ingests } = aBroker();
    const ports = mortal(broker.connect(), ingests, NEVER);
    const encode: PublishPorts['encode'] = async (topic, value) =>
      (value as { track: string }).track === trackId(2) ? failed(failure('BUG', 'no fit')) : ports.encode(topic, value);
    await expect(publish(run, { ...ports, encode })).rejects.toThrow(`Track ${trackId(2)} of run ${run.runId}: no fit`);
    expect(tracksOf(broker)).toEqual([]);
    expect(await publish(run, ports)).toBe('published');
    expect(tracksOf(broker)).toEqual(THREE);
  });

  it('by two clients at once writes it once', async () => {
    const { broker, ingests } = aBroker();
    const both = [1, 2].map(() => publish(run, mortal(broker.connect(), ingests, NEVER)));
    expect((await Promise.all(both)).sort()).toEqual(['already_published', 'published']);
    expect(tracksOf(broker)).toEqual(THREE);
  });

  it.each(['lost-before', 'lost-after'] as const)('looks into the log when a commit is %s', async (fault) => {
    const { broker, ingests } = aBroker();
    broker.failNextCommit(fault);
    await publish(run, mortal(broker.connect(), ingests, NEVER));
    expect(tracksOf(broker)).toEqual(THREE);
  });
});
