import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MemoryBroker, memoryBroker } from '#adapters/memory/broker.ts';
import { outboxStanding, postgresOutbox } from '#adapters/postgres/latest/outbox.ts';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { operationAt } from '#app/operations/append.ts';
import { FROM_THE_START, type LatestPorts, type Outbox, publishLatest } from '#projector/latest.ts';
import type { TransactionalWriter } from '#stream/ports.ts';
import { aLog, aReadModel, emptyReadModel, type Log, serveAll } from '#test/support/read-model.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { PHASES } from '#track/phase.ts';
import { LATEST_TOPIC, OPERATIONS_TOPIC, TOPOLOGY } from '#track/topology.ts';

const PARTITIONS = 3;
const codec = memoryCodec();

let model: Awaited<ReturnType<typeof aReadModel>>;
let broker: MemoryBroker;
let outbox: Outbox;
let refused: unknown[];

beforeAll(async () => {
  model = await aReadModel();
  outbox = postgresOutbox(model.pool);
});
beforeEach(async () => {
  await emptyReadModel(model.pool);
  broker = memoryBroker({ now: () => AT, maxRecordBytes: 10_000_000 });
  broker.createTopic(LATEST_TOPIC, PARTITIONS);
  refused = [];
});
afterAll(() => model.close());

const ports = (over: Partial<LatestPorts> = {}): LatestPorts => ({
  outbox,
  encode: codec.encode,
  maxBytes: 2_000_000,
  refused: (track, { code }) => refused.push([track, code]),
  ...over,
});

const writer = (): Promise<TransactionalWriter> => broker.openWriter('latest');

const publish = async (over: Partial<LatestPorts> = {}) => publishLatest(ports(over), await writer(), FROM_THE_START);

/** Two tracks on their way: one complete, one that a dead letter alone names. */
function someTracks(log: Log = aLog()): Log {
  const raw = aRawTrack({ track: trackId(1), name: 'First' });
  log.append('tracks.raw', raw);
  for (const phase of PHASES) log.append(TOPOLOGY[phase].to, aTrackEvent({}, raw), { at: AT + 5 });
  const headers = {
    'dl-id': 'a',
    'dl-origin-topic': 'tracks.raw',
    'dl-origin-partition': '0',
    'dl-origin-offset': '9',
    'dl-error': 'TIMEOUT',
    ce_subject: trackId(2),
  };
  log.append('tracks.spotify.dlq', 'x', { headers });
  return log;
}

/** What a reader of the topic holds at its end: the last value of each key, `null` for a tombstone. */
async function latest(): Promise<ReadonlyMap<string, unknown>> {
  const last = new Map<string, unknown>();
  for (const { key, value } of broker.records(LATEST_TOPIC)) {
    const read = value === null ? null : await codec.decode(LATEST_TOPIC, value);
    // As JSON and back: plain objects instead of instances of the decoder's classes.
    last.set(String(key), read === null ? null : JSON.parse(JSON.stringify(read.ok ? read.value : read.failure)));
  }
  return last;
}

type Sighting = { readonly observedAt: number };

/** The rows, in the shape of the topic. */
async function rows(): Promise<ReadonlyMap<string, unknown>> {
  const { rows: found } = await model.pool.query(
    `select track_id as "trackId", raw, appearances as sightings, jsonb_array_length(appearances) as "sightingCount", sections,
       reports, summary, status, degraded, first_seen_at as "firstSeenAt", complete_at as "completeAt", updated_at as "updatedAt"
     from tracks order by 1`,
  );
  const moment = (text: string | null) => (text === null ? null : Date.parse(text));
  return new Map(
    found.map(({ firstSeenAt, completeAt, updatedAt, ...row }) => [
      row.trackId,
      {
        ...row,
        sightings: row.sightings.toSorted((a: Sighting, b: Sighting) => b.observedAt - a.observedAt),
        firstSeenAt: moment(firstSeenAt),
        completeAt: moment(completeAt),
        updatedAt: moment(updatedAt),
      },
    ]),
  );
}

const waiting = async () => (await outboxStanding(model.pool)).waiting;

describe('tracks.latest', () => {
  test('holds of each track what its row says, under its key; several changes are published as one', async () => {
    await serveAll(someTracks(), model.ports, 1);
    expect(await waiting()).toBe(2);
    expect(await publish()).toEqual({ published: 2, next: FROM_THE_START });
    expect(await latest()).toEqual(await rows());
    expect(broker.records(LATEST_TOPIC)).toHaveLength(2);
    expect(await latest()).toMatchObject(
      new Map([
        [trackId(1), { status: 'complete', summary: { name: { value: 'First' } }, sightingCount: 1 }],
        [trackId(2), { status: 'dead_lettered', raw: { name: null } }],
      ]),
    );
    expect(await waiting()).toBe(0);
    expect(await publish()).toEqual({ published: 0, next: FROM_THE_START });
  });

  test('is told nothing by records that change nothing, nor by a transaction that is rolled back', async () => {
    const log = someTracks();
    await serveAll(log, model.ports);
    await publish();
    log.append('tracks.complete', aTrackEvent({}, aRawTrack({ track: trackId(1), name: 'First' })), { at: AT + 5 });
    await serveAll(log, model.ports);
    expect(await waiting()).toBe(0);
    const foreign = { topic: 'tracks.raw', partition: 7, epoch: 9, next: null };
    await model.projection.transaction(async (transaction) => {
      await transaction.markLatest([trackId(1)]);
      return transaction.advance(foreign, 1);
    });
    expect(await waiting()).toBe(0);
  });

  test('gets a tombstone for a track that is withdrawn, and nothing after it', async () => {
    const log = someTracks();
    await serveAll(log, model.ports);
    await publish();
    log.append(OPERATIONS_TOPIC, operationAt({ kind: 'withdraw', by: 'ada', target: trackId(1), reason: 'asked' }, AT));
    await serveAll(log, model.ports);
    expect(await publish()).toMatchObject({ published: 1 });
    log.append('tracks.raw', aRawTrack({ track: trackId(1), name: 'again' }));
    await serveAll(log, model.ports);
    await publish();
    expect((await latest()).get(trackId(1))).toBeNull();
    expect((await latest()).get(trackId(2))).toMatchObject({ trackId: trackId(2) });
  });

  test('goes through more tracks than a round takes, in the order of their ids, and begins anew', async () => {
    const log = aLog();
    for (let n = 1; n <= 250; n += 1) log.append('tracks.raw', aRawTrack({ track: trackId(n) }));
    await serveAll(log, model.ports);
    const first = await publishLatest(ports(), await writer(), FROM_THE_START);
    expect(first).toEqual({ published: 200, next: [...(await rows()).keys()].sort()[199] });
    if (first === 'lost') throw new Error('lost');
    expect(await publishLatest(ports(), await writer(), first.next)).toEqual({ published: 50, next: FROM_THE_START });
    expect(await latest()).toEqual(await rows());
  });
});

describe('a publisher that is killed', () => {
  test('between publishing and settling publishes again, and what is there at last is the row', async () => {
    const log = someTracks();
    await serveAll(log, model.ports);
    const settle = async () => {
      throw new Error('killed');
    };
    await expect(publish({ outbox: { ...outbox, settle } })).rejects.toThrow('killed');
    expect(await waiting()).toBe(2);
    log.append('tracks.raw', aRawTrack({ track: trackId(1), name: 'Renamed', observedAt: AT + 9 }));
    await serveAll(log, model.ports);
    expect(await publish()).toMatchObject({ published: 2 });
    expect(broker.records(LATEST_TOPIC)).toHaveLength(4);
    expect(await latest()).toEqual(await rows());
  });

  test('and believes to live still puts no older row behind a newer one, and takes no newer mark away', async () => {
    const log = someTracks();
    await serveAll(log, model.ports);
    const stale = await writer();
    // It has read the marks; before it writes, another publishes, and the track changes.
    const next: Outbox['next'] = async (...asked) => {
      const marks = await outbox.next(...asked);
      await publish();
      log.append('tracks.raw', aRawTrack({ track: trackId(1), name: 'Renamed', observedAt: AT + 9 }));
      await serveAll(log, model.ports);
      return marks;
    };
    expect(await publishLatest(ports({ outbox: { ...outbox, next } }), stale, FROM_THE_START)).toBe('lost');
    expect(broker.records(LATEST_TOPIC)).toHaveLength(2);
    expect(await waiting()).toBe(1);
    await outbox.settle([{ trackId: trackId(1), version: 1 }]);
    expect(await waiting()).toBe(1);
    await publish();
    expect(await latest()).toEqual(await rows());
  });

  test('a track that changes while it is published stays marked', async () => {
    const log = someTracks();
    await serveAll(log, model.ports);
    const settle: Outbox['settle'] = async (published) => {
      log.append('tracks.raw', aRawTrack({ track: trackId(1), name: 'Renamed', observedAt: AT + 9 }));
      await serveAll(log, model.ports);
      await outbox.settle(published);
    };
    await publish({ outbox: { ...outbox, settle } });
    expect(await waiting()).toBe(1);
    await publish();
    expect(await latest()).toEqual(await rows());
  });
});

test('a row that is too large is refused with its reason, holds nobody up, and is tried again when the track changes', async () => {
  const log = someTracks();
  log.append('tracks.raw', aRawTrack({ track: trackId(3), name: 'x'.repeat(50_000) }));
  await serveAll(log, model.ports);
  const small = { maxBytes: 40_000 };
  expect(await publish(small)).toMatchObject({ published: 2 });
  expect(refused).toEqual([[trackId(3), 'OVERSIZE']]);
  expect(await outboxStanding(model.pool)).toMatchObject({ waiting: 0, refused: 1 });
  expect(await publish(small)).toMatchObject({ published: 0 });
  log.append('tracks.raw', aRawTrack({ track: trackId(3), name: 'shorter', observedAt: AT + 1 }));
  await serveAll(log, model.ports);
  expect(await publish(small)).toMatchObject({ published: 1 });
  expect(await latest()).toEqual(await rows());
});

test('nothing is published while a model in a new layout has not got as far as the one before', async () => {
  await serveAll(someTracks(), model.ports);
  await model.pool.query(`insert into linernotes.read_models (name, state) values ('read_v1', 'retired')`);
  const at = (next: number) =>
    model.pool.query(
      `insert into linernotes.checkpoints values ('read_v1', 'tracks.raw', 0, 1, $1)
       on conflict (projection, topic, partition) do update set next_offset = excluded.next_offset`,
      [next],
    );
  await at(2);
  expect(await publish()).toMatchObject({ published: 0 });
  await at(1);
  expect(await publish()).toMatchObject({ published: 2 });
  await model.pool.query(`delete from linernotes.read_models where name = 'read_v1'`);
});
