import { randomBytes } from 'node:crypto';
import { setTimeout as elapsed } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partitionOf } from '#adapters/memory/murmur2.ts';
import type { Assignment, Feed, Membership, Served, Subscription, TransactionalWriter } from '#stream/ports.ts';
import type { OutgoingRecord, StoredRecord } from '#stream/record.ts';
import type { BrokerClient, BrokerUnderTest } from '#test/support/brokers.ts';
import { uniqueName } from '#test/support/names.ts';

const record = (topic: string, value: string, partition: number | null = 0): OutgoingRecord => ({
  topic,
  partition,
  key: Buffer.from(value),
  value: Buffer.from(value),
  headers: { source: 'contract' },
});

const numbered = (topic: string, partition: number, from: number, to: number): OutgoingRecord[] =>
  Array.from({ length: to - from }, (_, index) => record(topic, `${partition}:${from + index}`, partition));

/** Four hundred records of five kilobytes, made one by one; the source may fail before one of them. */
async function* made(topic: string, failsBefore = 400): AsyncGenerator<OutgoingRecord> {
  for (const one of numbered(topic, 0, 0, failsBefore)) yield { ...one, value: Buffer.alloc(5_000, one.value ?? '') };
  if (failsBefore < 400) throw new Error('The source is dry.');
}

const textOf = ({ value }: StoredRecord): string => String(value);

/** Waits for a condition; fails with what was seen last when it does not hold in time. */
export const eventually = async <Seen>(
  look: () => Seen | Promise<Seen>,
  holds: (seen: Seen) => boolean,
  deadlineMs = 30_000,
): Promise<Seen> => {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end)
      throw new Error(`Not in ${deadlineMs} ms; last seen: ${JSON.stringify(seen)?.slice(0, 2_000)}`);
    await elapsed(20);
  }
};

const readAll = async (client: BrokerClient, topic: string): Promise<StoredRecord[]> => {
  const ends = await client.reader.ends(topic);
  return Array.fromAsync(client.reader.read(ends.map((end) => ({ ...end, offset: 0 }))));
};

const committedOffset = async (client: BrokerClient, group: string, topic: string, partition = 0) => {
  const writer = await client.openWriter(uniqueName('probe'));
  const offset = await writer.committed(group, { topic, partition });
  await writer.close();
  return offset;
};

type CopyOptions = {
  readonly group: string;
  readonly from: string;
  readonly to: string;
  /** What is done with a batch before it is committed. */
  readonly work?: (records: readonly StoredRecord[], assignment: Assignment) => Promise<void>;
  readonly begun?: (assignment: Assignment) => void;
  readonly max?: number;
};

/** A member that copies each record, a transaction a batch, as a stage does: fence, read the committed offset, go on from there. */
const copier = (client: BrokerClient, options: CopyOptions): Subscription => {
  const { group, from, to, work = async () => undefined, max = 10 } = options;

  const copy = async (assignment: Assignment, writer: TransactionalWriter, feed: Feed): Promise<Served> => {
    for (;;) {
      const records = await feed.take(max, 5);
      await work(records, assignment);
      const last = records.at(-1);
      if (last === undefined) throw new Error('An empty batch was handed over.');
      const copies = records.map((input) => ({ ...input, topic: to, partition: input.partition }));
      const next = { topic: from, partition: assignment.partition, offset: last.offset + 1 };
      if ((await writer.commit(copies, { group, next })) === 'lost') return 'again';
    }
  };

  const serve = async (assignment: Assignment): Promise<Served> => {
    options.begun?.(assignment);
    const writer = await client.openWriter(`${group}.${assignment.topic}.${assignment.partition}`);
    try {
      return await copy(assignment, writer, assignment.from(await writer.committed(group, assignment)));
    } catch (error) {
      if (assignment.signal.aborted) return 'done';
      throw error;
    } finally {
      await writer.close();
    }
  };

  return { group, topics: [from], maxWaiting: 100, serve };
};

/** The promises of the engine's broker ports. They hold for Kafka and for its in-memory twin alike. */
export const brokerContract = (name: string, makeBroker: () => Promise<BrokerUnderTest>): void => {
  describe(`${name} keeps the broker contract`, () => {
    let broker: BrokerUnderTest;

    beforeAll(async () => {
      broker = await makeBroker();
    });
    afterAll(async () => {
      await broker.close();
    });

    const topicOf = async (partitions: number): Promise<string> => {
      const topic = uniqueName('contract');
      await broker.createTopic(topic, partitions);
      return topic;
    };

    /** Serves one partition by hand: the test has the assignment and decides when serving ends. */
    const holding = async (client: BrokerClient, topic: string, maxWaiting = 100) => {
      const assigned: Assignment[] = [];
      const membership = await client.subscribe({
        group: uniqueName('holding'),
        topics: [topic],
        maxWaiting,
        serve: (assignment) => {
          assigned.push(assignment);
          return new Promise((resolve) => assignment.signal.addEventListener('abort', () => resolve('done')));
        },
      });
      const partitions = (await broker.connect().reader.ends(topic)).length;
      await eventually(
        () => assigned.length,
        (count) => count === partitions,
      );
      assigned.sort((one, other) => one.partition - other.partition);
      return { membership, assigned };
    };

    const first = <Item>(items: readonly Item[]): Item => {
      const [item] = items;
      if (item === undefined) throw new Error('Nothing there.');
      return item;
    };

    describe('writing', () => {
      test('commits records of several topics and the offset together, with keys, values and headers as given', async () => {
        const [input, one, other] = [await topicOf(1), await topicOf(1), await topicOf(1)];
        const client = broker.connect();
        const id = uniqueName('writer');
        const writer = await client.openWriter(id);
        const outputs = [record(one, 'a'), { ...record(other, 'b'), value: null, headers: { ce_id: 'ä', none: '' } }];
        const group = uniqueName('group');

        expect(await writer.committed(group, { topic: input, partition: 0 })).toBeNull();
        expect(await writer.commit(outputs, { group, next: { topic: input, partition: 0, offset: 7 } })).toBe(
          'committed',
        );

        // Read after the fence: a broker says that a transaction has ended before its end markers stand everywhere.
        const successor = await client.openWriter(id);
        expect(await successor.committed(group, { topic: input, partition: 0 })).toBe(7);
        const stored = [...(await readAll(client, one)), ...(await readAll(client, other))];
        expect(stored.map(({ timestamp: _, ...rest }) => rest)).toEqual(
          outputs.map(({ topic, key, value, headers }) => ({ topic, partition: 0, offset: 0, key, value, headers })),
        );
        await Promise.all([writer.close(), successor.close()]);
      });

      test('keeps a note beside the offset, in the same transaction', async () => {
        const [input, output] = [await topicOf(2), await topicOf(1)];
        const client = broker.connect();
        const writer = await client.openWriter(uniqueName('writer'));
        const group = uniqueName('group');
        const both = [0, 1].map((partition) => ({ topic: input, partition }));
        expect(await client.places(group, both)).toEqual([]);

        const next = { topic: input, partition: 1, offset: 7 };
        expect(await writer.commit([record(output, 'a')], { group, next, note: '{"last":"é"}' })).toBe('committed');
        expect(await client.places(group, both)).toEqual([{ ...next, note: '{"last":"é"}' }]);
        expect(await client.places(group, both.slice(0, 1))).toEqual([]);

        expect(await writer.commit([], { group, next: { ...next, offset: 8 } })).toBe('committed');
        await eventually(
          () => client.places(group, both),
          ([place]) => place?.offset === 8 && place.note === null,
        );
        await writer.close();
      });

      test('commits offsets alone, batch after batch', async () => {
        const input = await topicOf(1);
        const client = broker.connect();
        const id = uniqueName('writer');
        const writer = await client.openWriter(id);
        const group = uniqueName('group');
        for (let offset = 1; offset <= 5; offset += 1) {
          expect(await writer.commit([], { group, next: { topic: input, partition: 0, offset } })).toBe('committed');
        }
        const successor = await client.openWriter(id);
        expect(await successor.committed(group, { topic: input, partition: 0 })).toBe(5);
        await Promise.all([writer.close(), successor.close()]);
      });

      test('puts a keyed record where Java clients put it', async () => {
        const topic = await topicOf(6);
        const client = broker.connect();
        const writer = await client.openWriter(uniqueName('writer'));
        const keys = Array.from({ length: 40 }, () => randomBytes(11).toString('base64url'));
        await writer.commit(
          keys.map((key) => record(topic, key, null)),
          null,
        );
        const places = (await readAll(client, topic)).map((stored) => [textOf(stored), stored.partition]);
        expect(Object.fromEntries(places)).toEqual(
          Object.fromEntries(keys.map((key) => [key, partitionOf(Buffer.from(key), 6)])),
        );
        await writer.close();
      });

      test('a batch with one record that the topic refuses leaves nothing behind, and its writer is spent', async () => {
        const [input, one, other] = [await topicOf(1), await topicOf(1), await topicOf(1)];
        const client = broker.connect();
        const id = uniqueName('writer');
        const group = uniqueName('group');
        const next = { topic: input, partition: 0, offset: 3 };
        const writer = await client.openWriter(id);
        const huge = { ...record(other, 'huge'), value: randomBytes(broker.maxRecordBytes + 100_000) };

        expect(await writer.commit([record(one, 'small'), huge], { group, next })).toBe('lost');
        expect(await writer.commit([record(one, 'after')], { group, next })).toBe('lost');

        const successor = await client.openWriter(id);
        expect(await successor.committed(group, next)).toBeNull();
        expect(await successor.commit([record(one, 'right')], { group, next })).toBe('committed');
        expect((await readAll(client, one)).map(textOf)).toEqual(['right']);
        expect(await readAll(client, other)).toEqual([]);
        await successor.close();
      });

      test('takes records from a source as they are made, and all of them or none when it fails', async () => {
        const [whole, broken] = [await topicOf(1), await topicOf(1)];
        const client = broker.connect();
        const id = uniqueName('writer');
        const writer = await client.openWriter(id);
        expect(await writer.commit(made(whole), null)).toBe('committed');
        await expect(writer.commit(made(broken, 300), null)).rejects.toThrow('The source is dry.');
        expect(await writer.commit([record(broken, 'after')], null)).toBe('lost');

        const successor = await client.openWriter(id);
        expect(await successor.commit([record(broken, 'right')], null)).toBe('committed');
        const keys = numbered(whole, 0, 0, 400).map(({ key }) => String(key));
        expect((await readAll(client, whole)).map(({ key }) => String(key))).toEqual(keys);
        expect((await readAll(client, broken)).map(textOf)).toEqual(['right']);
        await successor.close();
      });

      test('commits twelve megabytes in one transaction, in order, and all or nothing', async () => {
        const [whole, broken] = [await topicOf(1), await topicOf(1)];
        const client = broker.connect();
        const writer = await client.openWriter(uniqueName('writer'));
        const noise = randomBytes(30_000);
        const large = (topic: string) =>
          numbered(topic, 0, 0, 400).map((one) => ({
            ...one,
            value: Buffer.concat([Buffer.from(one.value ?? ''), noise]),
          }));
        const huge = { ...record(broken, 'huge'), value: randomBytes(broker.maxRecordBytes + 100_000) };

        expect(await writer.commit(large(whole), null)).toBe('committed');
        expect(await writer.commit([...large(broken), huge], null)).toBe('lost');

        const stored = await readAll(client, whole);
        expect(stored.map(({ key }) => String(key))).toEqual(large(whole).map(({ key }) => String(key)));
        expect(stored.every(({ value }) => value?.subarray(-noise.length).equals(noise))).toBe(true);
        expect(await readAll(client, broken)).toEqual([]);
        await writer.close();
      });

      test('a zombie commits nothing', async () => {
        const [input, output] = [await topicOf(1), await topicOf(1)];
        const client = broker.connect();
        const id = uniqueName('writer');
        const group = uniqueName('group');
        const zombie = await client.openWriter(id);
        expect(await zombie.commit([record(output, 'before')], null)).toBe('committed');
        const owner = await broker.connect().openWriter(id);

        const next = { topic: input, partition: 0, offset: 1 };
        expect(await zombie.commit([record(output, 'zombie')], { group, next })).toBe('lost');
        expect(await zombie.commit([], { group, next })).toBe('lost');

        expect(await owner.committed(group, next)).toBeNull();
        expect(await owner.commit([record(output, 'owner')], { group, next })).toBe('committed');
        expect((await readAll(client, output)).map(textOf)).toEqual(['before', 'owner']);
        await owner.close();
      });

      test('whoever takes over sees either all of the last owner or nothing, even while it commits', async () => {
        const [input, output] = [await topicOf(1), await topicOf(1)];
        const group = uniqueName('group');
        const id = uniqueName('writer');
        const client = broker.connect();
        let owner = await client.openWriter(id);
        let expected = 0;
        const rounds: string[] = [];
        for (let round = 0; round < 12; round += 1) {
          const next = { topic: input, partition: 0, offset: expected + 1 };
          const committing = owner.commit([record(output, `${expected}`)], { group, next });
          await elapsed(round % 4);
          const [result, successor] = await Promise.all([committing, client.openWriter(id)]);
          const offset = (await successor.committed(group, next)) ?? 0;
          const visible = await readAll(client, output);
          rounds.push(`${result} ${offset - expected} ${visible.length - expected}`);
          expected = offset;
          await owner.close();
          owner = successor;
        }
        await owner.close();
        // `committed` means committed; `lost` may be either, but never half of it.
        for (const round of rounds) expect(['committed 1 1', 'lost 0 0', 'lost 1 1']).toContain(round);
      });
    });

    describe('reading', () => {
      test('ends on partitions that end in control records, are empty, or are read from their end', async () => {
        const topic = await topicOf(3);
        const client = broker.connect();
        const writer = await client.openWriter(uniqueName('writer'));
        await writer.commit([record(topic, 'a', 0), record(topic, 'b', 1)], null);
        await writer.commit([record(topic, 'c', 0)], null);

        expect((await readAll(client, topic)).map(textOf)).toEqual(['a', 'c', 'b']);
        const ends = await client.reader.ends(topic);
        expect(ends).toEqual([
          { topic, partition: 0, offset: 4 },
          { topic, partition: 1, offset: 2 },
          { topic, partition: 2, offset: 0 },
        ]);
        expect(await Array.fromAsync(client.reader.read(ends))).toEqual([]);
        await writer.close();
      });

      test('tells which offsets of a partition still stand, also once retention has taken some, or all', async () => {
        const topic = await topicOf(2);
        const at = { topic, partition: 1 };
        const client = broker.connect();
        expect(await client.range(at)).toEqual({ begin: 0, end: 0 });
        await broker.produce(numbered(topic, 1, 0, 4));
        expect(await client.range(at)).toEqual({ begin: 0, end: 4 });
        await broker.deleteRecords({ ...at, offset: 3 });
        expect(await client.range(at)).toEqual({ begin: 3, end: 4 });
        expect((await readAll(client, topic)).map(textOf)).toEqual(['1:3']);
        await broker.deleteRecords({ ...at, offset: 4 });
        expect(await client.range(at)).toEqual({ begin: 4, end: 4 });
        expect(await client.range({ topic, partition: 0 })).toEqual({ begin: 0, end: 0 });
      });

      test('reads from a position up to the ends as they stood when it began', async () => {
        const topic = await topicOf(1);
        await broker.produce(numbered(topic, 0, 0, 5));
        const reading = broker
          .connect()
          .reader.read([{ topic, partition: 0, offset: 2 }])
          [Symbol.asyncIterator]();
        const values = [await reading.next()];
        await broker.produce(numbered(topic, 0, 5, 8));
        while (values.at(-1)?.done !== true) values.push(await reading.next());
        expect(values.map(({ value }) => value && textOf(value))).toEqual(['0:2', '0:3', '0:4', undefined]);
      });

      test('never shows aborted records, however transactions overlap', async () => {
        const topic = await topicOf(1);
        const client = broker.connect();
        const [long, short] = [uniqueName('long'), uniqueName('short')];
        await broker.leaveOpen(long, [record(topic, 'aborted last')]);
        await broker.leaveOpen(short, [record(topic, 'aborted first')]);
        await (await client.openWriter(short)).close();
        const writer = await client.openWriter(long);
        await writer.commit([record(topic, 'committed')], null);

        expect((await readAll(client, topic)).map(textOf)).toEqual(['committed']);
        const { membership, assigned } = await holding(client, topic);
        const feed = first(assigned).from(null);
        expect((await feed.take(10, 300)).map(textOf)).toEqual(['committed']);
        await membership.leave(1_000);
        await writer.close();
      });

      test('waits for an open transaction instead of missing what was committed behind it', async () => {
        const topic = await topicOf(1);
        const client = broker.connect();
        const open = uniqueName('open');
        await broker.leaveOpen(open, [record(topic, 'undecided')]);
        const writer = await client.openWriter(uniqueName('writer'));
        await writer.commit([record(topic, 'behind')], null);

        expect(await client.reader.ends(topic)).toEqual([{ topic, partition: 0, offset: 0 }]);
        const reading = readAll(client, topic);
        await (await client.openWriter(open)).close();
        expect((await reading).map(textOf)).toEqual(['behind']);
        await writer.close();
      });
    });

    describe('serving', () => {
      test('begins at the beginning or at the offset given, and hands over at most as many as asked', async () => {
        const topic = await topicOf(2);
        await broker.produce([...numbered(topic, 0, 0, 5), ...numbered(topic, 1, 0, 5)]);
        const { membership, assigned } = await holding(broker.connect(), topic);
        const [beginning, third] = assigned.map(({ partition, from }) => from(partition === 0 ? null : 3));
        expect((await beginning?.take(3, 500))?.map(textOf)).toEqual(['0:0', '0:1', '0:2']);
        expect((await beginning?.take(3, 0))?.map(textOf)).toEqual(['0:3', '0:4']);
        expect((await third?.take(3, 500))?.map(textOf)).toEqual(['1:3', '1:4']);
        await membership.leave(1_000);
      });

      test('a feed that waits for more gives what it has once it has lingered', async () => {
        const topic = await topicOf(1);
        const { membership, assigned } = await holding(broker.connect(), topic);
        const taking = first(assigned).from(null).take(100, 50);
        await broker.produce(numbered(topic, 0, 0, 2));
        expect((await taking).map(textOf)).toEqual(['0:0', '0:1']);
        await membership.leave(1_000);
      });

      test('paused means paused: nothing is fetched while others go on, and nothing is lost after', async () => {
        const topic = await topicOf(2);
        await broker.produce([...numbered(topic, 0, 0, 2), ...numbered(topic, 1, 0, 2)]);
        const { membership, assigned } = await holding(broker.connect(), topic);
        const [paused, running] = assigned.map(({ from }) => from(null));
        if (paused === undefined || running === undefined) throw new Error('Two partitions were expected.');
        await Promise.all([paused.take(2, 1_000), running.take(2, 1_000)]);

        paused.pause();
        // The running partition gets records fetched later than the pause, twice: one fetch may have been under way.
        for (const from of [2, 3]) {
          await broker.produce([...numbered(topic, 0, from, from + 1), ...numbered(topic, 1, from, from + 1)]);
          expect((await running.take(1, 0)).map(textOf)).toEqual([`1:${from}`]);
        }
        expect(paused.waiting()).toBe(0);

        paused.resume();
        expect((await paused.take(2, 1_000)).map(textOf)).toEqual(['0:2', '0:3']);
        await membership.leave(1_000);
      });

      test('leaving aborts what is served, rejects what is waited for with the reason, and ends', async () => {
        const topic = await topicOf(1);
        const { membership, assigned } = await holding(broker.connect(), topic);
        const { signal, from } = first(assigned);
        const taking = from(null).take(1, 0);
        const [rejected] = await Promise.all([taking.catch((error: unknown) => error), membership.leave(1_000)]);
        expect(signal.aborted).toBe(true);
        expect(rejected).toBe(signal.reason);
        expect(await membership.ended).toBeUndefined();
      });

      test('serves anew, with a new signal, when serving asks for it', async () => {
        const topic = await topicOf(1);
        await broker.produce(numbered(topic, 0, 0, 3));
        const served: { signal: AbortSignal; values: string[] }[] = [];
        const membership = await broker.connect().subscribe({
          group: uniqueName('again'),
          topics: [topic],
          maxWaiting: 10,
          serve: async ({ from, signal }) => {
            const values = (await from(served.length).take(1, 0)).map(textOf);
            served.push({ signal, values });
            return served.length < 3 ? 'again' : 'done';
          },
        });
        await eventually(
          () => served.length,
          (count) => count === 3,
        );
        expect(served.map(({ values }) => values)).toEqual([['0:0'], ['0:1'], ['0:2']]);
        expect(new Set(served.map(({ signal }) => signal)).size).toBe(3);
        expect(served.slice(0, 2).every(({ signal }) => signal.aborted)).toBe(true);
        await membership.leave(1_000);
      });

      test('a serving that throws ends the membership and aborts its neighbours', async () => {
        const topic = await topicOf(2);
        const aborted: number[] = [];
        const membership = await broker.connect().subscribe({
          group: uniqueName('throws'),
          topics: [topic],
          maxWaiting: 10,
          serve: async ({ partition, signal, from }) => {
            if (partition === 0) throw new Error('The registry is gone.');
            signal.addEventListener('abort', () => aborted.push(partition));
            await from(null).take(1, 0);
            return 'done';
          },
        });
        await expect(membership.ended).rejects.toThrow('The registry is gone.');
        expect(aborted).toEqual([1]);
      });
    });

    describe('a group', () => {
      test('loses and doubles nothing, in order, while members join, leave and are killed', async () => {
        const [from, to] = [await topicOf(4), await topicOf(4)];
        const group = uniqueName('group');
        const each = 150;
        const copies = broker.connect();
        const copied = (): Promise<number> => readAll(copies, to).then((records) => records.length);
        const progress = (least: number) => eventually(copied, (count) => count >= least);
        const produceUpTo = async (start: number, end: number): Promise<void> => {
          for (const partition of [0, 1, 2, 3]) await broker.produce(numbered(from, partition, start, end));
        };
        const work = (): Promise<void> => elapsed(5);
        const join = (client: BrokerClient): Promise<Membership> =>
          client.subscribe(copier(client, { group, from, to, work, max: 7 }));

        await produceUpTo(0, 50);
        const [stays, leaves, killed] = [broker.connect(), broker.connect(), broker.connect()];
        const staying = await join(stays);
        await progress(20);
        const leaving = await join(leaves);
        await produceUpTo(50, 100);
        await progress(220);
        await join(killed);
        await progress(300);
        await leaving.leave(2_000);
        await produceUpTo(100, each);
        await progress(420);
        killed.kill();
        await progress(4 * each);

        const values = (await readAll(copies, to)).map(textOf);
        expect(values).toEqual(
          [0, 1, 2, 3].flatMap((partition) => numbered(from, partition, 0, each).map(({ value }) => String(value))),
        );
        await eventually(
          () => Promise.all([0, 1, 2, 3].map((partition) => committedOffset(copies, group, from, partition))),
          (offsets) => offsets.every((offset) => offset === each),
        );
        await staying.leave(1_000);
      });

      test('goes on serving a partition that stays ours when others join', async () => {
        const [from, to] = [await topicOf(4), await topicOf(4)];
        const group = uniqueName('group');
        const begun: string[] = [];
        const member = (member: string, client: BrokerClient) =>
          client.subscribe(
            copier(client, { group, from, to, begun: ({ partition }) => begun.push(`${member}${partition}`) }),
          );
        const [one, other] = [broker.connect(), broker.connect()];
        const first = await member('one', one);
        await eventually(
          () => begun.length,
          (count) => count === 4,
        );
        const second = await member('other', other);
        await eventually(
          () => begun.length,
          (count) => count === 6,
        );
        for (const partition of [0, 1, 2, 3]) await broker.produce(numbered(from, partition, 0, 5));
        await eventually(
          () => readAll(one, to).then((records) => records.length),
          (count) => count === 20,
        );
        expect(begun.toSorted().filter((serving) => serving.startsWith('one'))).toEqual([
          'one0',
          'one1',
          'one2',
          'one3',
        ]);
        expect(begun.filter((serving) => serving.startsWith('other'))).toHaveLength(2);
        await Promise.all([first.leave(1_000), second.leave(1_000)]);
      });

      test('progresses though its handlers are slower than the session timeout', async () => {
        const [from, to] = [await topicOf(2), await topicOf(2)];
        const group = uniqueName('group');
        await broker.produce([...numbered(from, 0, 0, 1), ...numbered(from, 1, 0, 1)]);
        const started: string[] = [];
        const work = async (records: readonly StoredRecord[]): Promise<void> => {
          started.push(...records.map(textOf));
          await elapsed(broker.sessionTimeoutMs * 1.3);
        };
        const [one, other] = [broker.connect(), broker.connect()];
        const members = await Promise.all(
          [one, other].map((client) => client.subscribe(copier(client, { group, from, to, work, max: 1 }))),
        );
        await eventually(
          () => readAll(one, to).then((records) => records.map(textOf)),
          (values) => values.length === 2,
        );
        // Once each, and once more at most for the partition that changed hands when the second member joined.
        expect(started.length).toBeLessThanOrEqual(3);
        await Promise.all(members.map((member) => member.leave(1_000)));
      });
    });
  });
};
