import { expect, test } from 'vitest';
import type { FailureCode } from '#stream/failure.ts';
import { forward, retry } from '#stream/outcome.ts';
import type { HandlerContext } from '#stream/stage.ts';
import { START, trouble, until, type Word, world } from './world.ts';

/**
 * Chapter 4. A provider that is down is no fault of a record. The stage pauses and probes with one message; no attempt is burnt and
 * nothing is dead-lettered. But patience has an end: after it every event goes on at once, as failed, until a probe succeeds.
 * So a dead provider delays a track by `patienceMs` at most, and never stops it.
 */

/** A provider that can be switched off; words beginning with `known` need no provider, and nobody calls it while it is closed. */
function provider(code: FailureCode = 'UNAUTHORIZED', retryAfterMs: number | null = null) {
  const state = { up: false };
  const calls: string[] = [];
  const handle = async (batch: readonly { event: Word }[], { closed }: Pick<HandlerContext, 'closed'>) => {
    if (closed !== null)
      return batch.map(({ event: { word } }) =>
        word.startsWith('known') ? forward({ word, said: 'ok' }) : retry(closed),
      );
    calls.push(batch.map(({ event }) => event.word).join(' '));
    return batch.map(({ event: { word } }) =>
      state.up || word.startsWith('known') ? forward({ word, said: 'ok' }) : retry(trouble(code, retryAfterMs)),
    );
  };
  return { state, calls, handle };
}

test('while the provider is down the stage waits and probes with one message; once it is back all go on as if nothing had been', async () => {
  const here = world();
  here.send(['a', 'b', 'c']);
  const { state, calls, handle } = provider();
  await here.run({ handle });
  await until(() => calls.length === 4);
  state.up = true;
  await until(() => here.committed() === 3);
  expect(calls).toEqual(['a b c', 'a', 'a', 'a', 'a', 'b c']);
  expect(here.said()).toEqual(['a ok', 'b ok', 'c ok']);
  expect(here.letters()).toEqual([]);
  expect(await here.pauses.current('words')).toBeNull();
});

test('probes come at growing intervals, and exactly when the provider names the moment', async () => {
  const growing = world();
  growing.send(['a']);
  const down = provider();
  await growing.run({ handle: down.handle, patienceMs: 6_000 });
  await until(() => growing.committed() === 1);
  expect(growing.slept).toEqual([100, 200, 400, 800, 1_600, 2_900]);

  const named = world();
  named.send(['a']);
  const limited = provider('RATE_LIMITED', 2_000);
  await named.run({ handle: limited.handle, patienceMs: 6_000 });
  await until(() => named.committed() === 1);
  expect(named.slept).toEqual([2_000, 2_000, 2_000]);
});

test('a long wait asked for by an error that usually passes pauses the stage too, and burns no attempt', async () => {
  const here = world();
  here.send(['a']);
  const { state, calls, handle } = provider('PROVIDER_ERROR', 30_000);
  await here.run({ handle, retry: { attempts: 1, baseMs: 100, maxMs: 1_000 } });
  await until(() => calls.length === 1);
  state.up = true;
  await until(() => here.committed() === 1);
  expect(here.slept).toEqual([30_000]);
  expect(here.said()).toEqual(['a ok']);
});

test('once patience is spent every event goes on as failed, its letter says PROVIDER_DOWN', async () => {
  const here = world();
  here.send(['a', 'b']);
  const { handle } = provider();
  await here.run({ handle });
  await until(() => here.committed() === 2);
  expect(here.time.now() - START).toBe(60_000);
  expect(here.said()).toEqual(['a failed PROVIDER_DOWN', 'b failed PROVIDER_DOWN']);
  expect(here.lettersInShort()).toEqual(['{"word":"a"} PROVIDER_DOWN went on', '{"word":"b"} PROVIDER_DOWN went on']);
  expect(here.letters()[0]?.headers['dl-error-message']).toBe(
    'Patience of 60000 ms is spent since 2026-01-01T00:00:00.000Z: UNAUTHORIZED: It was UNAUTHORIZED.',
  );
});

test('spent patience is spent for all: later events do not wait at all, and only a probe now and then is tried', async () => {
  const here = world();
  here.send(['a']);
  const { calls, handle } = provider();
  await here.run({ handle });
  await until(() => here.committed() === 1);
  const before = { now: here.time.now(), calls: calls.length };
  here.send(['b', 'c']);
  await until(() => here.committed() === 3);
  expect(here.time.now()).toBe(before.now);
  expect(calls.length).toBe(before.calls);
  here.time.pass(30_000);
  here.send(['d', 'e']);
  await until(() => here.committed() === 5);
  expect(calls.slice(before.calls)).toEqual(['d']);
  expect(here.said().slice(1)).toEqual([
    'b failed PROVIDER_DOWN',
    'c failed PROVIDER_DOWN',
    'd failed PROVIDER_DOWN',
    'e failed PROVIDER_DOWN',
  ]);
});

test('what is known already needs no provider: it goes on as ever, also after patience is spent', async () => {
  const here = world();
  here.send(['a']);
  const { handle } = provider();
  await here.run({ handle });
  await until(() => here.committed() === 1);
  here.send(['known b', 'c', 'known d']);
  await until(() => here.committed() === 4);
  expect(here.said().slice(1)).toEqual(['known b ok', 'c failed PROVIDER_DOWN', 'known d ok']);
  expect(here.letters()).toHaveLength(2);
});

test('a probe that is answered ends the pause', async () => {
  const here = world();
  here.send(['a']);
  const { state, handle } = provider();
  await here.run({ handle });
  await until(() => here.committed() === 1);
  state.up = true;
  here.time.pass(30_000);
  here.send(['b', 'c']);
  await until(() => here.committed() === 3);
  expect(here.said()).toEqual(['a failed PROVIDER_DOWN', 'b ok', 'c ok']);
  expect(await here.pauses.current('words')).toBeNull();
  expect(here.metric('linernotes_stage_paused', 'words')).toBe(0);
});

test('patience is counted from the first start, whatever restarts come between', async () => {
  const here = world();
  here.send(['a']);
  await here.pauses.begin('words', 'UNAUTHORIZED: before the restart', START - 59_000);
  const { handle } = provider();
  await here.run({ handle });
  await until(() => here.committed() === 1);
  expect(here.time.now() - START).toBe(1_000);
  expect(here.said()).toEqual(['a failed PROVIDER_DOWN']);
});

test('a pause left over from long ago costs nobody anything: the first probe is waited for', async () => {
  const here = world(3);
  here.send(['a', 'b', 'c', 'd', 'e', 'f']);
  await here.pauses.begin('words', 'UNAUTHORIZED: last week', START - 600_000_000);
  const { state, handle } = provider();
  state.up = true;
  await here.run({ handle });
  await until(() => here.broker.records('words.out').length === 6);
  expect(here.said().toSorted()).toEqual(['a ok', 'b ok', 'c ok', 'd ok', 'e ok', 'f ok']);
});

test('the pause is shared by all partitions: one probes, the others wait', async () => {
  const here = world(3);
  here.send(['a', 'b', 'c', 'd', 'e', 'f']);
  const { state, calls, handle } = provider();
  await here.run({ handle });
  await until(() => calls.length === 6);
  expect(calls.slice(3).every((call) => !call.includes(' '))).toBe(true);
  expect(here.metric('linernotes_stage_pauses_total', 'words')).toBe(1);
  state.up = true;
  await until(() => here.broker.records('words.out').length === 6);
  expect(here.letters()).toEqual([]);
});

test('a probe that needed no provider does not begin patience anew', async () => {
  const here = world();
  here.send(['a']);
  const { handle } = provider();
  await here.run({ handle });
  await until(() => here.committed() === 1);
  here.time.pass(30_000);
  here.send(['known', 'b']);
  await until(() => here.committed() === 3);
  expect(here.time.now() - START).toBe(90_000);
  expect(here.said().slice(1)).toEqual(['known ok', 'b failed PROVIDER_DOWN']);
  expect(await here.pauses.current('words')).toEqual({ since: START, reason: 'UNAUTHORIZED: It was UNAUTHORIZED.' });
});

test('a refusal burns no attempt: what fails in another way afterwards has all of them left', async () => {
  const here = world();
  here.send(['a', 'b']);
  const script: Record<string, FailureCode[]> = { a: ['UNAUTHORIZED'], b: ['UNAUTHORIZED', 'TIMEOUT', 'TIMEOUT'] };
  await here.run({
    handle: async (batch) =>
      batch.map(({ event: { word } }) => {
        const code = script[word]?.shift();
        return code === undefined ? forward({ word, said: 'ok' }) : retry(trouble(code));
      }),
  });
  await until(() => here.committed() === 2);
  expect(here.said()).toEqual(['a ok', 'b ok']);
});

test('a probe whose partition is taken away is left to another partition', async () => {
  const here = world(2);
  const put = (partition: number, word: string) =>
    here.broker.produce([
      { topic: 'words.in', partition, key: null, value: Buffer.from(JSON.stringify({ word })), headers: {} },
    ]);
  await here.pauses.begin('words', 'UNAUTHORIZED: before', START);
  const probes: number[] = [];
  await here.run({
    handle: async (batch) => {
      probes.push(...batch.map(({ position }) => position.partition));
      if (probes.length === 1) await new Promise(() => undefined);
      return batch.map(({ event: { word } }) => forward({ word, said: 'ok' }));
    },
  });
  put(1, 'b');
  await until(() => probes.length === 1);
  put(0, 'a');
  // A second member takes over partition 1, and with it the probe that never ends.
  const gone = Promise.withResolvers<'done'>();
  await here.broker.connect().subscribe({
    group: 'g.words',
    topics: ['words.in', 'g.words.replay'],
    maxWaiting: 10,
    serve: () => gone.promise,
  });
  await until(() => here.committed('words.in', 0) === 1);
  expect(probes).toEqual([1, 0]);
  expect(here.said()).toEqual(['a ok']);
});

test('what needs nobody any more does not wait for a provider that is down, and is no probe', async () => {
  const here = world();
  here.send(['left one', 'a', 'left two']);
  const { calls, handle } = provider();
  const gone = new Set<string>();
  await here.run({
    handle,
    aside: ({ event: { word } }) => (gone.has(word) ? forward({ word, said: 'set aside' }) : null),
    patienceMs: 6_000,
  });
  await until(() => calls.length === 1);
  for (const word of ['left one', 'left two']) gone.add(word);
  await until(() => here.committed() === 3);
  expect(here.said()).toEqual(['left one set aside', 'a failed PROVIDER_DOWN', 'left two set aside']);
  expect(calls.slice(1).every((words) => words === 'a')).toBe(true);
});

test('a part of the provider that is away for long stops nobody: events go on with what the rest gave, no pause, no bypass', async () => {
  const here = world();
  const words = Array.from({ length: 300 }, (_, n) => `w${n}`);
  here.send(words);
  const { calls, handle } = provider('ENDPOINT_LIMITED', 3_600_000);
  await here.run({ handle });
  await until(() => here.committed() === words.length);
  expect([here.slept, await here.pauses.current('words')]).toEqual([[], null]);
  expect(here.said()).toEqual(words.map((word) => `${word} failed ENDPOINT_LIMITED`));
  expect(calls.join(' ').split(' ')).toEqual(words);
});

test('a part that is away for a moment is waited for in place', async () => {
  const here = world();
  here.send(['a']);
  const { state, calls, handle } = provider('ENDPOINT_LIMITED', 500);
  await here.run({ handle });
  await until(() => calls.length === 1);
  state.up = true;
  await until(() => here.committed() === 1);
  expect([here.said(), await here.pauses.current('words')]).toEqual([['a ok'], null]);
});
