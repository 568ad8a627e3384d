import { expect, test } from 'vitest';
import { partitionQueue } from '#adapters/group/queue.ts';
import type { StoredRecord } from '#stream/record.ts';

const records = (from: number, to: number): StoredRecord[] =>
  Array.from({ length: to - from }, (_, index) => ({
    topic: 't',
    partition: 0,
    offset: from + index,
    timestamp: 0,
    key: null,
    value: null,
    headers: {},
  }));

const offsets = (taken: readonly StoredRecord[]): number[] => taken.map(({ offset }) => offset);

const queueOf = (options: { maxWaiting?: number; from?: number } = {}) => {
  const lost = new AbortController();
  const told: boolean[] = [];
  const queue = partitionQueue({
    signal: lost.signal,
    maxWaiting: options.maxWaiting ?? 10,
    from: options.from ?? 0,
    fetching: (on) => told.push(on),
  });
  return { queue, told, lost };
};

test('drops what it has had before, and what lies below where it began', async () => {
  const { queue } = queueOf({ from: 2 });
  queue.push(records(0, 4));
  queue.push(records(2, 6));
  expect(offsets(await queue.take(10, 0))).toEqual([2, 3, 4, 5]);
});

test('asks to stop fetching above its limit and to go on below half of it', async () => {
  const { queue, told } = queueOf({ maxWaiting: 4 });
  queue.push(records(0, 4));
  expect(told).toEqual([]);
  queue.push(records(4, 5));
  expect(told).toEqual([false]);
  await queue.take(3, 0);
  expect(told).toEqual([false]);
  await queue.take(1, 0);
  expect(told).toEqual([false, true]);
});

test('asks to stop fetching above a megabyte of large records, however few they are', async () => {
  const { queue, told } = queueOf({ maxWaiting: 100 });
  const large = records(0, 6).map((record) => ({ ...record, value: Buffer.alloc(250_000) }));
  queue.push(large.slice(0, 4));
  expect(told).toEqual([]);
  queue.push(large.slice(4));
  expect(told).toEqual([false]);
  await queue.take(3, 0);
  expect(told).toEqual([false]);
  await queue.take(1, 0);
  expect(told).toEqual([false, true]);
});

test('a queue that is full and paused fetches again only when it is neither', async () => {
  const { queue, told } = queueOf({ maxWaiting: 2 });
  queue.push(records(0, 3));
  queue.pause();
  await queue.take(3, 0);
  expect(told).toEqual([false]);
  queue.resume();
  expect(told).toEqual([false, true]);
});

test('does not linger when it has as many as it was asked for', async () => {
  const { queue } = queueOf();
  queue.push(records(0, 3));
  expect(offsets(await queue.take(3, 60_000))).toEqual([0, 1, 2]);
});

test('lingers for more after the first, and stops lingering once it has enough', async () => {
  const { queue } = queueOf();
  const taking = queue.take(2, 60_000);
  queue.push(records(0, 1));
  queue.push(records(1, 3));
  expect(offsets(await taking)).toEqual([0, 1]);
  expect(queue.waiting()).toBe(1);
});

test('rejects with the reason once the partition is lost, even when records wait', async () => {
  const { queue, lost } = queueOf();
  queue.push(records(0, 3));
  const reason = new Error('It went to another member.');
  lost.abort(reason);
  await expect(queue.take(1, 0)).rejects.toBe(reason);
});

test('rejects while it lingers', async () => {
  const { queue, lost } = queueOf();
  queue.push(records(0, 1));
  const taking = queue.take(2, 60_000);
  lost.abort(new Error('Lost.'));
  await expect(taking).rejects.toThrow('Lost.');
});
