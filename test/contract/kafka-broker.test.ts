import { setTimeout as elapsed } from 'node:timers/promises';
import kafkajs, { type Consumer, type Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { kafkaBroker } from '#adapters/kafka/broker.ts';
import type { Feed } from '#stream/ports.ts';
import { kafkaBrokers } from '#test/support/addresses.ts';
import { type BrokerUnderTest, kafkaUnderTest, silentLog } from '#test/support/brokers.ts';
import { uniqueName } from '#test/support/names.ts';
import { brokerContract, eventually } from './broker.ts';

brokerContract('Kafka', kafkaUnderTest);

const record = (topic: string, value: string, partition = 0) => ({
  topic,
  partition,
  key: null,
  value: Buffer.from(value),
  headers: {},
});

describe('The Kafka adapter', () => {
  const warnings: string[] = [];
  const noteWarning = (warning: Error): void => {
    warnings.push(warning.name);
  };
  let broker: BrokerUnderTest;

  beforeAll(async () => {
    process.on('warning', noteWarning);
    broker = await kafkaUnderTest();
  });
  afterAll(async () => {
    process.off('warning', noteWarning);
    await broker.close();
  });

  test('says at error level that records were deleted before they were read, and goes on from those that stand', async () => {
    const topic = uniqueName('deleted');
    await broker.createTopic(topic, 1);
    await broker.produce(['a', 'b', 'c', 'd'].map((value) => record(topic, value)));
    const errors: unknown[] = [];
    const log = { ...silentLog, error: (fields: object, message: string) => errors.push({ ...fields, message }) };
    const adapter = kafkaBroker({ brokers: kafkaBrokers(), clientId: 'deleted', log });
    const eraser = new kafkajs.Kafka({ brokers: kafkaBrokers(), logLevel: kafkajs.logLevel.NOTHING }).admin();
    await eraser.connect();
    // kafkajs deletes records only of topics it has looked at before.
    await eraser.fetchTopicOffsets(topic);
    await eraser.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    await eraser.disconnect();

    const values = Promise.withResolvers<string[]>();
    const membership = await adapter.subscribe({
      group: uniqueName('deleted'),
      topics: [topic],
      maxWaiting: 10,
      serve: async ({ from }) => {
        values.resolve((await from(1).take(2, 1_000)).map(({ value }) => String(value)));
        return 'done';
      },
    });
    expect(await values.promise).toEqual(['c', 'd']);
    expect(errors).toEqual([
      { topic, partition: 0, from: 1, to: 2, message: 'Records were deleted before they were read' },
    ]);
    await membership.leave(1_000);
    await adapter.close();
  });

  test('a member that retention overtakes while it pauses ends, instead of going on where the log now begins', async () => {
    const topic = uniqueName('overtaken');
    await broker.createTopic(topic, 1);
    await broker.produce(['a', 'b'].map((value) => record(topic, value)));
    const feed = Promise.withResolvers<Feed>();
    const membership = await broker.connect().subscribe({
      group: uniqueName('overtaken'),
      topics: [topic],
      maxWaiting: 10,
      serve: async ({ from, signal }) => {
        feed.resolve(from(null));
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return 'done';
      },
    });
    const paused = await feed.promise;
    expect((await paused.take(2, 5_000)).map(({ value }) => String(value))).toEqual(['a', 'b']);
    paused.pause();
    // A fetch that was under way may still bring the first of these; none follows it.
    await broker.produce([record(topic, 'c')]);
    await broker.produce(['d', 'e', 'f'].map((value) => record(topic, value)));
    await broker.deleteRecords({ topic, partition: 0, offset: 5 });
    paused.resume();
    const end = await membership.ended.catch((error: unknown) => error);
    expect(String(end)).toMatch(new RegExp(`${topic}/0 was lost under its reader, which stood at [23]`));
  });

  test('lets Node print no warning about timers in the past', () => {
    expect(warnings).toEqual([]);
  });
});

describe('Topic administration', () => {
  test('creates, describes, widens, reconfigures and deletes topics, and leaves other keys alone', async () => {
    const admin = kafkaAdmin({ brokers: kafkaBrokers(), clientId: 'topics', log: silentLog });
    const name = uniqueName('topics');
    await admin.create([
      { name, partitions: 2, replication: 1, config: { 'retention.ms': '1000', 'max.message.bytes': '2097152' } },
    ]);
    await admin.addPartitions(name, 3);
    await admin.alterConfig(name, { 'retention.ms': '2000' });

    const config = { 'retention.ms': '2000', 'max.message.bytes': '2097152' };
    expect(await admin.describe([name, uniqueName('unknown')])).toEqual([
      { name, partitions: 3, replication: 1, config },
    ]);
    expect(await admin.list()).toContain(name);
    expect(await admin.ends(name)).toEqual([0, 1, 2].map((partition) => ({ topic: name, partition, offset: 0 })));

    await admin.deleteTopics([name]);
    await eventually(admin.list, (names) => !names.includes(name));
    await admin.close();
  });
});

/** Why the adapter is more than a thin wrapper. Where one of these fails, a newer client has made a part of it needless. */
describe('kafkajs by itself', () => {
  const SESSION_MS = 6_000;
  let client: Kafka;
  let broker: BrokerUnderTest;

  beforeAll(async () => {
    broker = await kafkaUnderTest();
    client = new kafkajs.Kafka({ brokers: kafkaBrokers(), logLevel: kafkajs.logLevel.NOTHING });
  });
  afterAll(() => broker.close());

  test('makes no progress when handlers are slower than the session timeout', async () => {
    const topic = uniqueName('plain');
    const groupId = uniqueName('plain');
    await broker.createTopic(topic, 2);
    await broker.produce([record(topic, 'a', 0), record(topic, 'b', 1)]);
    const started: string[] = [];
    const members: Consumer[] = [0, 1].map(() =>
      client.consumer({ groupId, sessionTimeout: SESSION_MS, heartbeatInterval: 1_000, maxWaitTimeInMs: 250 }),
    );
    for (const member of members) {
      await member.connect();
      await member.subscribe({ topic, fromBeginning: true });
      await member.run({
        partitionsConsumedConcurrently: 2,
        eachMessage: async ({ message }) => {
          started.push(String(message.value));
          await elapsed(SESSION_MS * 1.3);
        },
      });
    }
    await eventually(
      () => started.length,
      (count) => count >= 5,
      45_000,
    );
    const admin = client.admin();
    await admin.connect();
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
    expect(offsets?.partitions.map(({ offset }) => offset)).toEqual(['-1', '-1']);
    await admin.disconnect();
    void Promise.allSettled(members.map((member) => member.disconnect()));
  });
});
