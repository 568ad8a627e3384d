import { expect, test } from 'vitest';
import { type Failure, failure } from '#stream/failure.ts';
import { deadLetter, degrade, forward, forwardUnasked } from '#stream/outcome.ts';
import type { HandlerContext } from '#stream/stage.ts';
import { START, until, type Word, world } from './world.ts';

/**
 * Chapter 15. A provider that answers in a shape nobody knows is not down, and no pause helps: a new layout fails every page. Once
 * many of the last records failed by one cause, the stage is bypassed: events go on at once, as failed, each with its letter, so
 * later phases never stop. One record is tried now and then; when three in a row go well, the stage works as ever.
 */

const unreadable = (word: string): Failure => failure('UNPARSEABLE', `Page "${word}" has no credits.`);

/** Pages that can be read or not; words beginning with `known` need no page. */
function pages() {
  const state = { readable: false };
  const read: string[] = [];
  const look = (word: string): Failure | null => {
    read.push(word);
    return state.readable ? null : unreadable(word);
  };
  const handle = async (batch: readonly { event: Word }[], { closed }: Pick<HandlerContext, 'closed'>) =>
    batch.map(({ event: { word } }) => {
      if (word.startsWith('known')) return forwardUnasked({ word, said: 'ok' });
      const trouble = closed ?? look(word);
      return trouble === null ? forward({ word, said: 'ok' }) : degrade({ word, said: 'failed' }, trouble);
    });
  return { state, read, handle };
}

const words = (count: number, name = 'w'): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);

/** A world whose stage is bypassed: ten pages could not be read. */
async function bypassed() {
  const here = world();
  const its = pages();
  here.send(words(10));
  await here.run({ handle: its.handle });
  await until(() => here.committed() === 10);
  return { here, ...its };
}

test('when ten of the last twenty failed by one cause, the next go on at once, as failed, and nothing is read for them', async () => {
  const { here, read } = await bypassed();
  expect(here.events()).toContain('stage.bypassed');
  expect(here.metric('linernotes_stage_bypassing', 'words')).toBe(1);
  here.send(words(30, 'later'));
  await until(() => here.committed() === 40);
  expect(read).toEqual(words(10));
  expect(here.time.now()).toBe(START);
  expect(here.said().slice(10)).toEqual(words(30, 'later').map((word) => `${word} failed`));
});

test('their letters are kept, with the cause of those that filled the measure', async () => {
  const { here } = await bypassed();
  here.send(['later']);
  await until(() => here.committed() === 11);
  expect(here.letters()).toHaveLength(11);
  expect(new Set(here.letters().map(({ headers }) => headers['dl-fingerprint'])).size).toBe(1);
  expect(here.lettersInShort().at(-1)).toBe('{"word":"later"} UNPARSEABLE went on');
});

test('what is known already goes on as ever', async () => {
  const { here } = await bypassed();
  here.send(['known a', 'b']);
  await until(() => here.committed() === 12);
  expect(here.said().slice(10)).toEqual(['known a ok', 'b failed']);
});

test('one record is tried now and then; a refused probe is a failed record like any other', async () => {
  const { here, read } = await bypassed();
  here.time.pass(30_000);
  here.send(['probe', 'after']);
  await until(() => here.committed() === 12);
  here.send(['soon after']);
  await until(() => here.committed() === 13);
  expect(read.slice(10)).toEqual(['probe']);
  expect(here.said().slice(10)).toEqual(['probe failed', 'after failed', 'soon after failed']);
  expect(here.metric('linernotes_stage_probes_total', 'words', 'refused')).toBe(1);
});

test('three probes that go well, one after another, end the bypass', async () => {
  const { here, state, read } = await bypassed();
  state.readable = true;
  here.time.pass(30_000);
  for (const [index, word] of ['a', 'b', 'c'].entries()) {
    here.send([word, `${word} beside`]);
    await until(() => here.committed() === 12 + 2 * index);
  }
  expect(here.said().slice(10)).toEqual([
    'a ok',
    'a beside failed',
    'b ok',
    'b beside failed',
    'c ok',
    'c beside failed',
  ]);
  expect(await here.bypasses.current('words')).toBeNull();
  here.send(['d', 'e']);
  await until(() => here.committed() === 18);
  expect(read.slice(10)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(here.metric('linernotes_stage_bypassing', 'words')).toBe(0);
});

test('a probe that is refused between two that go well begins the count anew', async () => {
  const { here, state } = await bypassed();
  const after = async (readable: boolean, word: string): Promise<void> => {
    state.readable = readable;
    here.time.pass(30_000);
    const next = (here.committed() ?? 0) + 1;
    here.send([word]);
    await until(() => here.committed() === next);
  };
  await after(true, 'a');
  await after(true, 'b');
  await after(false, 'c');
  await after(true, 'd');
  await after(true, 'e');
  expect(await here.bypasses.current('words')).not.toBeNull();
  await after(true, 'f');
  expect(await here.bypasses.current('words')).toBeNull();
});

test('failures of many causes, and failures among many that go well, are no reason to bypass', async () => {
  const here = world();
  const causes = [failure('UNPARSEABLE', 'no title'), failure('UNPARSEABLE', 'no dialog'), null, null, null, null];
  const handle = async (batch: readonly { event: Word }[]) =>
    batch.map(({ event: { word } }) => {
      const cause = causes[Number(word) % causes.length] ?? null;
      return cause === null ? forward({ word, said: 'ok' }) : degrade({ word, said: 'failed' }, cause);
    });
  here.send(Array.from({ length: 120 }, (_, i) => String(i)));
  await here.run({ handle });
  await until(() => here.committed() === 120);
  expect(here.events()).not.toContain('stage.bypassed');
});

test('records for which nobody is asked are no probes, however many there are', async () => {
  const { here, read } = await bypassed();
  here.time.pass(30_000);
  for (let round = 0; round < 4; round += 1) {
    here.send([`known ${round}`]);
    await until(() => here.committed() === 11 + round);
  }
  expect(read).toEqual(words(10));
  expect(await here.bypasses.current('words')).not.toBeNull();
  here.send(['known again', 'probe']);
  await until(() => here.committed() === 16);
  expect(read.slice(10)).toEqual(['probe']);
});

test('nor do they hide how many of the others fail', async () => {
  const here = world();
  const { handle } = pages();
  here.send(words(10).flatMap((word) => ['known a', 'known b', 'known c', 'known d', word]));
  await here.run({ handle });
  await until(() => here.committed() === 50);
  expect(here.events()).toContain('stage.bypassed');
});

test('records that do not go on at all are the business of the halt', async () => {
  const here = world();
  here.send(words(12));
  const handle = async (batch: readonly unknown[]) => batch.map(() => deadLetter(failure('INVALID_EVENT', 'no use')));
  await here.run({ handle, limits: { bypass: { most: 3, of: 9, probeMs: 1 }, halt: { most: 99, of: 99 } } });
  await until(() => here.committed() === 12);
  expect(await here.bypasses.current('words')).toBeNull();
});

test('the next process takes the bypass up, and tries a record at once', async () => {
  const here = world();
  const { handle, read, state } = pages();
  await here.bypasses.begin('words', unreadable('yesterday'), START - 86_400_000);
  state.readable = true;
  here.send(words(5));
  await here.run({ handle });
  await until(() => here.committed() === 5);
  expect(read).toEqual(['w0']);
  expect(here.events()).toContain('stage.still-bypassed');
});

test('a running process soon learns of a bypass that another one began, and reads nothing more', async () => {
  const here = world();
  const { handle, read, state } = pages();
  state.readable = true;
  here.send(['a']);
  await here.run({ handle });
  await until(() => here.committed() === 1);
  await here.bypasses.begin('words', unreadable('elsewhere'), here.time.now());
  here.time.pass(2_000);
  here.send(['b', 'c']);
  await until(() => here.committed() === 3);
  expect(here.said()).toEqual(['a ok', 'b failed', 'c failed']);
  expect(read).toEqual(['a']);
  expect(here.metric('linernotes_stage_bypassing', 'words')).toBe(1);
  expect(here.metric('linernotes_stage_bypasses_total', 'words')).toBe(0);
});

test('and of the end of one that another process found to be over', async () => {
  const { here, state, read } = await bypassed();
  state.readable = true;
  await here.bypasses.end('words');
  here.time.pass(2_000);
  here.send(['b', 'c']);
  await until(() => here.committed() === 12);
  expect(here.said().slice(10)).toEqual(['b ok', 'c ok']);
  expect(read.slice(10)).toEqual(['b', 'c']);
  expect(here.metric('linernotes_stage_bypassing', 'words')).toBe(0);
});
