import { expect, test } from 'vitest';
import { forward, type Outcome } from '#stream/outcome.ts';
import type { Running } from '#stream/run-stage.ts';
import { type Said, until, type Word, world } from './world.ts';

/**
 * Chapter 9. A record that kills the process cannot be caught by the process. Starts are counted where they outlive it: a batch that
 * was begun twice and never settled runs record by record, and the record that dies alone twice is dead-lettered unread.
 */

const position = { topic: 'words.in', partition: 0, offset: 0 };

/** Starts a process, lets it run until it dies on `killer` or has worked all, and says which. */
async function life(here: ReturnType<typeof world>, all: number, killer: string): Promise<'died' | 'lived'> {
  const process = here.broker.connect();
  let died = false;
  const handle = (batch: readonly { event: Word }[]): Promise<readonly Outcome<Said>[]> => {
    if (!batch.some(({ event }) => event.word === killer))
      return Promise.resolve(batch.map(({ event: { word } }) => forward({ word, said: 'ok' })));
    process.kill();
    died = true;
    return new Promise(() => undefined);
  };
  const running: Running = await here.run({ handle }, process);
  await until(() => died || here.committed() === all);
  if (!died) await running.drain(0);
  return died ? 'died' : 'lived';
}

async function lives(here: ReturnType<typeof world>, all: number, killer: string): Promise<number> {
  let deaths = 0;
  while (deaths < 10 && (await life(here, all, killer)) === 'died') deaths += 1;
  return deaths;
}

test.for([
  ['first', 0],
  ['in the middle', 2],
  ['last', 4],
] as const)(
  'a record that kills the process, %s in its batch, kills it four times and is then dead-lettered',
  async ([, place]) => {
    const here = world();
    const words = ['a', 'b', 'c', 'd'].toSpliced(place, 0, 'killer');
    here.send(words);
    expect(await lives(here, 5, 'killer')).toBe(4);
    expect(here.said()).toEqual(['a ok', 'b ok', 'c ok', 'd ok']);
    expect(here.lettersInShort()).toEqual(['{"word":"killer"} CRASH held back']);
  },
);

test('two killers in one batch are both found', async () => {
  const here = world();
  here.send(['a', 'killer', 'killer', 'b']);
  expect(await lives(here, 4, 'killer')).toBe(6);
  expect(here.said()).toEqual(['a ok', 'b ok']);
  expect(here.letters()).toHaveLength(2);
});

test('deaths that have nothing to do with the records cost single commits, and nobody is blamed', async () => {
  const here = world();
  here.send(['a', 'b', 'c']);
  await here.starts.begun('g.words', position);
  await here.starts.begun('g.words', position);
  await here.run();
  await until(() => here.committed() === 3);
  expect(here.said()).toEqual(['a ok', 'b ok', 'c ok']);
  expect(here.letters()).toEqual([]);
  expect(here.events().filter((event) => event === 'batch.committed')).toHaveLength(3);
});

test('what is settled is forgotten: the count of a position begins at one again', async () => {
  const here = world();
  here.send(['a']);
  await here.starts.begun('g.words', position);
  const running = await here.run();
  await until(() => here.committed() === 1);
  await running.drain(1_000);
  expect(await here.starts.begun('g.words', position)).toBe(1);
});

test('work that a drain ends is no death, and what was counted before stays counted', async () => {
  const here = world();
  here.send(['a']);
  await here.starts.begun('g.words', position);
  let begun = false;
  const running = await here.run({
    handle: () => {
      begun = true;
      return new Promise(() => undefined);
    },
  });
  await until(() => begun);
  await running.drain(10);
  expect(await here.starts.begun('g.words', position)).toBe(2);
});
