import { expect, test } from 'vitest';
import { liveFirst } from '#stream/lanes.ts';
import { forward } from '#stream/outcome.ts';
import { until, type Word, world } from './world.ts';

/**
 * Chapter 7. A group has two lanes, its input and its replay lane, worked by the same stage. What enters by one leaves by it. Live
 * batches go first; a replay goes when nothing live waits, and has one batch in twenty even when something always does.
 */

const oneByOne = { batch: { max: 1, lingerMs: 0 } };

test('what enters by the replay lane leaves to the replay lane of the group that follows', async () => {
  const here = world();
  here.send(['live']);
  here.send(['old'], { topic: 'g.words.replay', headers: { 'replay-id': 'r1' } });
  await here.run();
  await until(() => here.committed() === 1 && here.committed('g.words.replay') === 1);
  expect(here.said('words.out')).toEqual(['live ok']);
  expect(here.said('g.next.replay')).toEqual(['old ok']);
  expect(here.broker.records('g.next.replay')[0]?.headers).toMatchObject({
    ce_id: 'g.words:g.words.replay:0:0',
    ce_type: 'words.out',
    'replay-id': 'r1',
  });
  expect(here.metric('linernotes_stage_records_total', 'words', 'replay', 'forwarded')).toBe(1);
});

test('replays wait while live records do, and yet get one batch in twenty', async () => {
  const here = world();
  const order: string[] = [];
  const handle = async (batch: readonly { event: Word }[], { lane }: { lane: string }) => {
    order.push(lane);
    await new Promise((resolve) => setImmediate(resolve));
    return batch.map(({ event: { word } }) => forward({ word, said: 'ok' }));
  };
  here.send(Array.from({ length: 40 }, (_, index) => `live-${index}`));
  here.send(['old-1', 'old-2', 'old-3'], { topic: 'g.words.replay' });
  await here.run({ ...oneByOne, handle });
  await until(() => order.length === 43);
  expect(order.flatMap((lane, index) => (lane === 'replay' ? [index] : []))).toEqual([19, 39, 42]);
});

test('a replay waits for the live batch that is being worked', async () => {
  const here = world();
  const order: string[] = [];
  const live = Promise.withResolvers<void>();
  here.send(['live']);
  await here.run({
    handle: async (batch, { lane }) => {
      order.push(lane);
      if (lane === 'live') await live.promise;
      return batch.map(({ event: { word } }) => forward({ word, said: 'ok' }));
    },
  });
  await until(() => order.length === 1);
  here.send(['old'], { topic: 'g.words.replay' });
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(['live']);
  live.resolve();
  await until(() => here.committed('g.words.replay') === 1);
  expect(order).toEqual(['live', 'replay']);
});

test('a replay that waits for its turn lets go when its partition is lost', async () => {
  const gate = liveFirst();
  await gate.enter('live', new AbortController().signal);
  const lost = new AbortController();
  const waiting = gate.enter('replay', lost.signal);
  lost.abort(new Error('lost'));
  await expect(waiting).rejects.toThrow('lost');
});

test('a live partition that goes away with records waiting no longer holds replays up', async () => {
  const gate = liveFirst();
  const unwatch = gate.watch(() => 7);
  const waiting = gate.enter('replay', new AbortController().signal);
  unwatch();
  await expect(waiting).resolves.toBeTypeOf('function');
});
