import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MemoryBroker, type MemoryClient, memoryBroker } from '#adapters/memory/broker.ts';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { runProjector } from '#projector/projector.ts';
import { PROJECTED_TOPICS } from '#projector/sources.ts';
import { aReadModel } from '#test/support/read-model.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { PHASES } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';

const PARTITIONS = 3;
const codec = memoryCodec();

let broker: MemoryBroker;
let model: Awaited<ReturnType<typeof aReadModel>>;

beforeEach(async () => {
  broker = memoryBroker({ now: () => AT });
  for (const topic of [...PROJECTED_TOPICS, 'tracks.projector.dlq']) broker.createTopic(topic, PARTITIONS);
  model = await aReadModel();
});
afterEach(() => model.close());

const start = (client: MemoryClient) =>
  runProjector({
    subscribe: client.subscribe,
    openWriter: client.openWriter,
    range: client.range,
    decode: codec.decode,
    projection: model.projection,
    notice: (notice) => model.notices.push(notice),
  });

async function produce(topic: string, id: string, value: unknown) {
  const encoded = await codec.encode(topic, value);
  if (!encoded.ok) throw new Error(encoded.failure.message);
  broker.produce([{ topic, partition: null, key: Buffer.from(id), value: encoded.value, headers: {} }]);
}

/** Brings tracks all the way through the chain. */
async function complete(from: number, to: number, runTotal: number) {
  for (let n = from; n <= to; n += 1) {
    const raw = aRawTrack({ track: trackId(n), runTotal });
    await produce('tracks.raw', trackId(n), raw);
    for (const phase of PHASES) await produce(TOPOLOGY[phase].to, trackId(n), aTrackEvent({}, raw));
  }
}

/** Waits until the question has the answer. */
async function until(question: string, answer: unknown) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { rows } = await model.pool.query(question);
    if (JSON.stringify(rows) === JSON.stringify(answer)) return;
    if (Date.now() > deadline) expect(rows).toEqual(answer);
    await pause(20);
  }
}

const RUN = 'select accepted, complete, finished from runs';

test('it reads Avro from all topics, drains, and another one goes on where it stopped', async () => {
  const first = await start(broker.connect());
  await complete(1, 5, 8);
  await until(RUN, [{ accepted: 5, complete: 5, finished: false }]);
  await first.drain(5000);
  await first.ended;
  await complete(6, 8, 8);
  const second = await start(broker.connect());
  await until(RUN, [{ accepted: 8, complete: 8, finished: true }]);
  await second.drain(5000);
  const applied = model.notices.reduce((sum, notice) => sum + (notice.kind === 'applied' ? notice.records : 0), 0);
  expect(applied).toBe(8 * 6);
});

test('regression: two instances: when one of two is killed, the other takes its partitions over and nothing is counted twice', async () => {
  const dying = broker.connect();
  await start(dying);
  const other = await start(broker.connect());
  await complete(1, 10, 20);
  dying.kill();
  await complete(11, 20, 20);
  await until(RUN, [{ accepted: 20, complete: 20, finished: true }]);
  await until(`select sum(next_offset) as n from linernotes.checkpoints`, [{ n: '120' }]);
  await other.drain(5000);
});

test('it ends with an error when the database refuses it, and applies everything after a restart', async () => {
  await complete(1, 2, 2);
  await model.pool.query('alter table linernotes.feed rename to gone');
  const failing = await start(broker.connect());
  await expect(failing.ended).rejects.toThrow('linernotes.feed');
  await model.pool.query('alter table linernotes.gone rename to feed');
  const restarted = await start(broker.connect());
  await until(RUN, [{ accepted: 2, complete: 2, finished: true }]);
  await restarted.drain(5000);
});
