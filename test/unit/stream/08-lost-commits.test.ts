import { expect, test } from 'vitest';
import { forward } from '#stream/outcome.ts';
import { until, world } from './world.ts';

/**
 * Chapter 8. Outputs, dead letters and the next offset are one transaction. When it is lost, or nobody can know, the writer is spent:
 * a new one fences it, the committed offset says what really happened, and work goes on from there.
 */

for (const fault of ['lost-before', 'left-open', 'lost-after'] as const)
  test(`nothing is lost and nothing doubled by a commit that is ${fault}`, async () => {
    const here = world();
    here.send(['a', 'b', 'c']);
    here.broker.failNextCommit(fault);
    const running = await here.run();
    await until(() => here.committed() === 3 && running.counts().inFlight === 0);
    here.send(['d']);
    await until(() => here.said().length === 4);
    expect(here.said()).toEqual(['a ok', 'b ok', 'c ok', 'd ok']);
    expect(here.metric('linernotes_stage_commits_lost_total', 'words', 'live')).toBe(1);
    const { read, forwarded, returned } = running.counts();
    expect(read).toBe(forwarded + returned);
  });

test('a lost commit is no death: the start of its batch is taken back', async () => {
  const here = world();
  here.send(['a', 'b']);
  for (let times = 0; times < 6; times += 1) here.broker.failNextCommit('lost-before');
  await here.run();
  await until(() => here.committed() === 2);
  expect(here.said()).toEqual(['a ok', 'b ok']);
  expect(here.letters()).toEqual([]);
  expect(here.metric('linernotes_stage_suspicions_total', 'words', 'live')).toBe(0);
});

test('a process that lost its partition without noticing commits nothing', async () => {
  const here = world();
  const asleep = Promise.withResolvers<void>();
  let begun = false;
  here.send(['a']);
  const zombie = await here.run({
    handle: async (batch) => {
      begun = true;
      await asleep.promise;
      return batch.map(({ event: { word } }) => forward({ word, said: 'from the grave' }));
    },
  });
  await until(() => begun);
  const next = await here.broker.connect().openWriter('g.words.words.in.0');
  await next.commit([], { group: 'g.words', next: { topic: 'words.in', partition: 0, offset: 1 } });
  asleep.resolve();
  await until(() => zombie.counts().returned === 1);
  expect(here.said()).toEqual([]);
  expect(here.committed()).toBe(1);
});
