import { expect, test } from 'vitest';
import { type PartitionQueue, partitionQueue } from '#adapters/group/queue.ts';
import { partitionLost, servings } from '#adapters/group/servings.ts';
import type { Assignment, Served } from '#stream/ports.ts';
import type { TopicPartition } from '#stream/record.ts';

const at = (partition: number): TopicPartition => ({ topic: 't', partition });

const queue = (_: TopicPartition, offset: number | null, signal: AbortSignal): PartitionQueue =>
  partitionQueue({ signal, maxWaiting: 1, from: offset ?? 0, fetching: () => undefined });

type Held = { readonly assignment: Assignment; readonly end: (served: Served) => void };

/** Every serving is held until the test ends it. */
const holding = () => {
  const held: Held[] = [];
  const failures: unknown[] = [];
  const serve = (assignment: Assignment): Promise<Served> =>
    new Promise((end) => {
      held.push({ assignment, end });
    });
  const owner = servings({ group: 'g', topics: ['t'], maxWaiting: 1, serve }, queue, (error) => failures.push(error));
  const partitions = (): string[] =>
    held.map(({ assignment }) => `${assignment.partition}${assignment.signal.aborted ? ' aborted' : ''}`);
  return { held, failures, owner, partitions };
};

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('aborts what was lost, serves on what stays, begins what is new', async () => {
  const { owner, partitions } = holding();
  owner.own([at(0), at(1)]);
  await settle();
  owner.own([at(1), at(2)]);
  await settle();
  expect(partitions()).toEqual(['0 aborted', '1', '2']);
});

test('a partition that comes back is served anew only when its last serving has settled', async () => {
  const { owner, held, partitions } = holding();
  owner.own([at(0)]);
  await settle();
  owner.own([]);
  owner.own([at(0)]);
  await settle();
  expect(partitions()).toEqual(['0 aborted']);
  held[0]?.end('done');
  await settle();
  expect(partitions()).toEqual(['0 aborted', '0']);
});

test('a serving that is done is not begun again while the partition stays', async () => {
  const { owner, held, partitions } = holding();
  owner.own([at(0)]);
  await settle();
  held[0]?.end('done');
  await settle();
  owner.own([at(0)]);
  await settle();
  expect(partitions()).toEqual(['0 aborted']);
});

test('a throw is a failure while the partition is ours and nothing once it is lost', async () => {
  const failures: unknown[] = [];
  const thrown = new Error('The registry is gone.');
  const begun: ((error: Error) => void)[] = [];
  const serve = (): Promise<Served> => new Promise((_, reject) => begun.push(reject));
  const owner = servings({ group: 'g', topics: ['t'], maxWaiting: 1, serve }, queue, (error) => failures.push(error));
  owner.own([at(0), at(1)]);
  await settle();
  owner.own([at(1)]);
  begun[0]?.(new Error('Aborted.'));
  begun[1]?.(thrown);
  await owner.settled();
  expect(failures).toEqual([thrown]);
});

test('the feed of a serving opens once', async () => {
  const { owner, held } = holding();
  owner.own([at(0)]);
  await settle();
  held[0]?.assignment.from(null);
  expect(() => held[0]?.assignment.from(null)).toThrow('The feed of t/0 is open already.');
});

test('aborting all gives each the reason', async () => {
  const { owner, held } = holding();
  owner.own([at(0)]);
  await settle();
  const reason = partitionLost('This member leaves g.');
  owner.abortAll(reason);
  expect(held[0]?.assignment.signal.reason).toBe(reason);
});
