import { expect, test } from 'vitest';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { memoryClock } from '#adapters/memory/clock.ts';
import { memoryPauseStore } from '#adapters/memory/pause-store.ts';
import { memoryStartCounter } from '#adapters/memory/start-counter.ts';

const record = (value: string) => ({
  topic: 't',
  partition: 0,
  key: null,
  value: Buffer.from(value),
  headers: {},
});

const position = (offset: number) => ({ topic: 't', partition: 0, offset });

test.each([
  ['lost-before', [], null],
  ['left-open', [], null],
  ['lost-after', ['a'], 5],
] as const)('a commit that goes %s answers lost, and only its successor can write', async (fault, values, offset) => {
  const broker = memoryBroker({ now: () => 7 });
  broker.createTopic('t', 1);
  const writer = await broker.openWriter('id');
  broker.failNextCommit(fault);
  expect(await writer.commit([record('a')], { group: 'g', next: position(5) })).toBe('lost');
  expect(await writer.commit([record('b')], null)).toBe('lost');

  const successor = await broker.openWriter('id');
  expect(broker.records('t').map(({ value }) => String(value))).toEqual(values);
  expect(broker.groupOffset('g', position(0))).toBe(offset);
  expect(await successor.commit([record('c')], null)).toBe('committed');
  expect(broker.records('t').map(({ value }) => String(value))).toEqual([...values, 'c']);
});

test('what was left open holds readers up until it is decided', async () => {
  const broker = memoryBroker();
  broker.createTopic('t', 1);
  const writer = await broker.openWriter('open');
  broker.failNextCommit('left-open');
  await writer.commit([record('undecided')], null);
  broker.produce([record('behind')]);
  expect(broker.records('t')).toEqual([]);
  await broker.openWriter('open');
  expect(broker.records('t').map(({ value }) => String(value))).toEqual(['behind']);
});

test('a topic nobody made is an error', async () => {
  const broker = memoryBroker();
  expect(() => broker.produce([record('a')])).toThrow('There is no topic t on this broker.');
  await expect(
    broker.subscribe({ group: 'g', topics: ['t'], maxWaiting: 1, serve: async () => 'done' }),
  ).rejects.toThrow('There is no topic t on this broker.');
});

test('starts are counted by position until the partition goes past', async () => {
  const starts = memoryStartCounter();
  expect([await starts.begun('g', position(3)), await starts.begun('g', position(3))]).toEqual([1, 2]);
  expect(await starts.begun('other', position(3))).toBe(1);
  await starts.settled('g', position(3));
  expect(await starts.begun('g', position(3))).toBe(3);
  await starts.settled('g', position(4));
  expect(await starts.begun('g', position(3))).toBe(1);
});

test('a pause keeps its first start until it ends', async () => {
  const pauses = memoryPauseStore();
  expect(await pauses.begin('credits', 'RATE_LIMITED', 100)).toBe(100);
  expect(await pauses.begin('credits', 'PROVIDER_DOWN', 200)).toBe(100);
  expect(await pauses.current('credits')).toEqual({ since: 100, reason: 'RATE_LIMITED' });
  await pauses.end('credits');
  expect(await pauses.current('credits')).toBeNull();
});

test('a clock stands still until it is moved', async () => {
  const clock = memoryClock(1_000);
  clock.advance(5);
  expect(await clock()).toBe(1_005);
});
