import { expect, test } from 'vitest';
import { isStageHalted } from '#stream/halt.ts';
import { deadLetter, degrade, forward } from '#stream/outcome.ts';
import type { Running } from '#stream/run-stage.ts';
import { trouble, until, type Word, world } from './world.ts';

/**
 * Chapter 16. A bad deploy must not drain a topic into its dead letters. When too many of the last records got a letter without
 * going on, or met a bug, the stage halts: nothing more is taken, the halt is stored, and only an operator's resume lifts it.
 */

/** Words that begin with `bad` are good for nothing. */
const handle = async (batch: readonly { event: Word }[]) =>
  batch.map(({ event: { word } }) =>
    word.startsWith('bad') ? deadLetter(trouble('INVALID_EVENT')) : forward({ word, said: 'ok' }),
  );

const bad = (count: number): string[] => Array.from({ length: count }, (_, i) => `bad${i}`);

const endOf = async (running: Running): Promise<unknown> =>
  running.ended.then(() => null).catch((error: unknown) => error);

test('the batch that fills the measure is committed like any other; the next is not taken', async () => {
  const here = world();
  here.send([...bad(10), 'good', 'better']);
  const end = await endOf(await here.run({ handle }));
  expect(isStageHalted(end)).toBe(true);
  expect(String(end)).toContain('linernotes resume words');
  expect(here.committed()).toBe(10);
  expect(here.letters()).toHaveLength(10);
  expect(here.said()).toEqual([]);
  expect(here.metric('linernotes_stage_halted', 'words')).toBe(1);
});

test('it does not start again before it is resumed, and then goes on where it stood', async () => {
  const here = world();
  here.send([...bad(10), 'good']);
  await endOf(await here.run({ handle }));
  await expect(here.run({ handle })).rejects.toThrow('10 of the last 20 records');
  here.halts.resume('words');
  await here.run({ handle });
  await until(() => here.committed() === 11);
  expect(here.said()).toEqual(['good ok']);
  expect(here.letters()).toHaveLength(10);
});

test('what was lost before a crash, or by another process, counts', async () => {
  const here = world();
  here.send(bad(6));
  const first = await here.run({ handle });
  await until(() => here.committed() === 6);
  await first.drain(100);
  here.send(bad(4));
  const end = await endOf(await here.run({ handle }));
  expect(isStageHalted(end)).toBe(true);
  expect(String(end)).toContain('10 of the last 20 records');
  expect(here.letters()).toHaveLength(10);
});

test('good records between push out what was lost before', async () => {
  const here = world();
  here.send(bad(6));
  const first = await here.run({ handle });
  await until(() => here.committed() === 6);
  await first.drain(100);
  here.send([...Array.from({ length: 16 }, (_, i) => `good${i}`), ...bad(4)]);
  await here.run({ handle });
  await until(() => here.committed() === 26);
  expect(await here.halts.current('words')).toBeNull();
});

test('bugs count too, although their events go on', async () => {
  const here = world();
  here.send(bad(12));
  const broken = async (batch: readonly { event: Word }[]) => {
    if (batch.some(({ event }) => event.word.startsWith('bad'))) throw new Error('not again');
    return [];
  };
  expect(isStageHalted(await endOf(await here.run({ handle: broken })))).toBe(true);
  expect(here.said()).toHaveLength(10);
  expect(here.committed()).toBe(10);
});

test('a few bad records among many good ones halt nobody', async () => {
  const here = world();
  const words = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? `bad${i}` : `good${i}`));
  here.send(words);
  await here.run({ handle });
  await until(() => here.committed() === 100);
  expect(here.letters()).toHaveLength(34);
  expect(await here.halts.current('words')).toBeNull();
});

test('redriven letters whose events went on before have lost nothing, however they end', async () => {
  const here = world();
  const failing = async (batch: readonly { event: Word }[]) =>
    batch.map(({ event: { word } }) => degrade({ word, said: 'failed' }, trouble('UNPARSEABLE')));
  const first = await here.run({ handle: failing });
  here.send(['a', 'b']);
  await until(() => here.committed() === 2);
  await first.drain(0);
  const redriven = here.letters().map(({ key, value, headers }) => ({ key, value, headers }));
  here.broker.produce(redriven.map((record) => ({ topic: 'g.words.replay', partition: 0, ...record })));
  const limits = { bypass: { most: 9, of: 9, probeMs: 1 }, halt: { most: 1, of: 9 } };
  await here.run({ handle: failing, limits });
  await until(() => here.committed('g.words.replay') === 2);
  expect(here.letters()).toHaveLength(4);
  expect(await here.halts.current('words')).toBeNull();
});

test('what another process has halted does not start here', async () => {
  const here = world();
  await here.halts.begin('words', 'seen elsewhere', here.time.now());
  const error = await here.run({ handle }).catch((thrown: unknown) => thrown);
  expect(isStageHalted(error)).toBe(true);
  expect(String(error)).toContain('seen elsewhere');
});
