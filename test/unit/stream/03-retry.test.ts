import { expect, test } from 'vitest';
import { forward, type Outcome, retry } from '#stream/outcome.ts';
import type { HandlerContext } from '#stream/stage.ts';
import { type Said, trouble, until, type Word, world } from './world.ts';

/**
 * Chapter 3. What may pass by itself is tried again in place: the failed messages alone, after a growing wait with full jitter,
 * a bounded number of times. Then the engine gives up for the handler: the event goes on and is dead-lettered.
 */

/** Fails words as often as their number says, and notes each call. */
function failing(times: Readonly<Record<string, number>>, retryAfterMs: number | null = null) {
  const left = { ...times };
  const calls: string[] = [];
  const one = ({ word }: Word): Outcome<Said> => {
    const more = left[word] ?? 0;
    left[word] = more - 1;
    return more > 0 ? retry(trouble('TIMEOUT', retryAfterMs)) : forward({ word, said: 'ok' });
  };
  const handle = async (batch: readonly { event: Word }[], { attempt }: HandlerContext) => {
    calls.push(`${attempt}: ${batch.map(({ event }) => event.word).join(' ')}`);
    return batch.map(({ event }) => one(event));
  };
  return { handle, calls };
}

test('F1 retry strategy: only what failed is tried again, and the batch is committed once, in order', async () => {
  const here = world();
  here.send(['a', 'b', 'c']);
  const { handle, calls } = failing({ b: 1 });
  await here.run({ handle });
  await until(() => here.committed() === 3);
  expect(calls).toEqual(['1: a b c', '2: b']);
  expect(here.said()).toEqual(['a ok', 'b ok', 'c ok']);
  expect(here.letters()).toEqual([]);
  expect(here.metric('linernotes_stage_retries_total', 'words', 'live', 'TIMEOUT')).toBe(1);
});

test('F1 retry strategy: after the declared attempts the engine gives up: the event goes on as failed, with a letter that counts them', async () => {
  const here = world();
  here.send(['a', 'b']);
  const { handle, calls } = failing({ b: 99 });
  await here.run({ handle });
  await until(() => here.committed() === 2);
  expect(calls).toEqual(['1: a b', '2: b', '3: b']);
  expect(here.said()).toEqual(['a ok', 'b failed TIMEOUT']);
  expect(here.lettersInShort()).toEqual(['{"word":"b"} TIMEOUT went on']);
  expect(here.letters().map(({ headers }) => headers['dl-attempts'])).toEqual(['3']);
});

test('F1 backoff timing: waits grow up to the declared longest, and each is a random part of that', async () => {
  const here = world();
  here.send(['a']);
  await here.run({ handle: failing({ a: 99 }).handle, retry: { attempts: 6, baseMs: 100, maxMs: 500 } });
  await until(() => here.committed() === 1);
  expect(here.slept).toEqual([50, 100, 200, 250, 250]);
});

test('a short wait that the provider asks for is honoured', async () => {
  const here = world();
  here.send(['a']);
  await here.run({ handle: failing({ a: 2 }, 700).handle });
  await until(() => here.committed() === 1);
  expect(here.slept).toEqual([700, 700]);
  expect(here.said()).toEqual(['a ok']);
});

test('messages of one batch have their own attempts', async () => {
  const here = world();
  here.send(['a', 'b']);
  const { handle, calls } = failing({ a: 1, b: 2 });
  await here.run({ handle });
  await until(() => here.committed() === 2);
  expect(calls).toEqual(['1: a b', '2: a b', '3: b']);
  expect(here.said()).toEqual(['a ok', 'b ok']);
});
