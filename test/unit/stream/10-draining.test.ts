import { expect, test } from 'vitest';
import { forward, retry } from '#stream/outcome.ts';
import { trouble, until, world } from './world.ts';

/**
 * Chapter 10. A process that has to end takes no more batches, lets those in hand finish and commit up to a deadline, aborts the
 * rest, and leaves its group. What it did not commit is as if it had never been read.
 */

test('the batch in hand is finished and committed, the next one is not begun', async () => {
  const here = world();
  const work = Promise.withResolvers<void>();
  const calls: number[] = [];
  here.send(['a', 'b']);
  const running = await here.run({
    batch: { max: 1, lingerMs: 0 },
    handle: async (batch) => {
      calls.push(batch.length);
      await work.promise;
      return batch.map(({ event: { word } }) => forward({ word, said: 'ok' }));
    },
  });
  await until(() => calls.length === 1);
  const drained = running.drain(5_000);
  work.resolve();
  await drained;
  await running.ended;
  expect(here.said()).toEqual(['a ok']);
  expect(here.committed()).toBe(1);
  expect(running.counts()).toMatchObject({ read: 1, forwarded: 1, returned: 0, inFlight: 0 });
});

test('work that does not end in time is aborted and given back, and the handler is told', async () => {
  const here = world();
  here.send(['a', 'b']);
  let signal: AbortSignal | null = null;
  const running = await here.run({
    handle: (_batch, context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    },
  });
  await until(() => signal !== null);
  await running.drain(5_000);
  expect(here.slept).toEqual([5_000]);
  expect(signal).toMatchObject({ aborted: true });
  expect(here.committed()).toBeNull();
  expect(running.counts()).toMatchObject({ read: 2, returned: 2, inFlight: 0 });
});

test('waiting for a retry or for a provider ends with the partition, and nothing is dead-lettered', async () => {
  for (const code of ['TIMEOUT', 'UNAUTHORIZED'] as const) {
    const here = world();
    here.send(['a']);
    const sleep = (_ms: number, signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    let calls = 0;
    const handle = async () => {
      calls += 1;
      return [retry(trouble(code))];
    };
    const quick = (ms: number, signal: AbortSignal) => (ms === 7 ? Promise.resolve() : sleep(ms, signal));
    const running = await here.run({ handle }, { sleep: quick });
    await until(() => calls === 1);
    await running.drain(7);
    expect(here.letters()).toEqual([]);
    expect(running.counts()).toMatchObject({ read: 1, returned: 1, inFlight: 0 });
  }
});

test('an idle stage drains at once, and draining twice is draining once', async () => {
  const here = world(3);
  const running = await here.run();
  await until(() => here.events().filter((event) => event === 'partition.taken').length === 6);
  await Promise.all([running.drain(5_000), running.drain(5_000)]);
  await running.ended;
  expect(here.events().filter((event) => event === 'stage.drained')).toHaveLength(1);
  expect(here.events().filter((event) => event === 'partition.left')).toHaveLength(6);
});

test('what is ready only after the deadline is not committed any more', async () => {
  const here = world();
  here.send(['a']);
  const registry = Promise.withResolvers<void>();
  let encoding = false;
  const running = await here.run(
    {},
    {
      encode: async (topic, value) => {
        encoding = true;
        await registry.promise;
        return here.ports.encode(topic, value);
      },
    },
  );
  await until(() => encoding);
  const drained = running.drain(10);
  await until(() => here.slept.length === 1);
  setImmediate(() => setImmediate(() => setImmediate(registry.resolve)));
  await drained;
  expect(here.committed()).toBeNull();
  expect(here.said()).toEqual([]);
});
