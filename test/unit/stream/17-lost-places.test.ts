import { expect, test } from 'vitest';
import { isLogLost } from '#stream/loss.ts';
import type { Running } from '#stream/run-stage.ts';
import { until, world } from './world.ts';

/**
 * Chapter 17. Kafka forgets: records by retention, topics when they are made anew, the offsets of a group that nobody was in. A stage
 * whose place its log does not have refuses to go on, because every way on would skip records, or repeat them, in silence.
 */

const IN = { topic: 'words.in', partition: 0 };

const endOf = (running: Running): Promise<unknown> => running.ended.then(() => null).catch((error: unknown) => error);

/** A stage that has forwarded these words and stopped. */
async function hasForwarded(words: readonly string[]) {
  const here = world();
  here.send(words);
  const running = await here.run();
  await until(() => here.committed() === words.length);
  await until(() => here.said().length === words.length);
  await running.drain(0);
  return here;
}

test('records that were deleted before they were read: it refuses, and says who, where, the range and the mend', async () => {
  const here = await hasForwarded(['a', 'b']);
  here.send(['c', 'd', 'e']);
  here.broker.deleteRecords({ ...IN, offset: 4 });
  const end = await endOf(await here.run());
  expect(isLogLost(end)).toBe(true);
  expect(String(end)).toBe(
    'LogLost: g.words stands at 2, and the records up to 4 were deleted before it read them. words.in/0 has 4 to 5. Nothing is skipped or repeated unasked; to go on from its first record: linernotes run words --accept-loss',
  );
  expect([here.committed(), here.said()]).toEqual([2, ['a ok', 'b ok']]);
});

test('an accepted loss goes on from the first record that stands', async () => {
  const here = await hasForwarded(['a', 'b']);
  here.send(['c', 'd', 'e']);
  here.broker.deleteRecords({ ...IN, offset: 4 });
  await here.run({}, { acceptLoss: true });
  await until(() => here.committed() === 5);
  expect(here.said()).toEqual(['a ok', 'b ok', 'e ok']);
  expect(here.logged.filter(({ event }) => event === 'loss.accepted').map(({ fields }) => fields)).toEqual([
    { stage: 'words', ...IN, from: 2, to: 4 },
  ]);
});

test('it is accepted once: a partition on which nothing more arrives does not refuse at the next start', async () => {
  const here = await hasForwarded(['a', 'b']);
  here.send(['c', 'd']);
  here.broker.deleteRecords({ ...IN, offset: 4 });
  const accepted = await here.run({}, { acceptLoss: true });
  await until(() => here.committed() === 4);
  await accepted.drain(0);
  await here.run();
  here.send(['e']);
  await until(() => here.committed() === 5);
  expect(here.said()).toEqual(['a ok', 'b ok', 'e ok']);
});

test('a place beyond the end of the log is one of a topic that is no more', async () => {
  const here = await hasForwarded(['a', 'b', 'c']);
  const range = async () => ({ begin: 0, end: 1 });
  expect(String(await endOf(await here.run({}, { range })))).toContain('g.words stands at 3, beyond the end');
});

test('a group whose offset has expired is not taken for a new one', async () => {
  const here = await hasForwarded(['a', 'b']);
  here.broker.expire('g.words', IN);
  const end = await endOf(await here.run());
  expect(isLogLost(end)).toBe(true);
  expect(String(end)).toContain('g.words has been here before, and its offset is gone');
  expect(here.said()).toEqual(['a ok', 'b ok']);
});

test('a group that is new begins at the first record that stands, and refuses nothing', async () => {
  const here = world();
  here.send(['a', 'b', 'c']);
  here.broker.deleteRecords({ ...IN, offset: 1 });
  await here.run();
  await until(() => here.committed() === 3);
  expect(here.said()).toEqual(['b ok', 'c ok']);
});
