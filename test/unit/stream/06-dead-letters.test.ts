import { expect, test } from 'vitest';
import { priorLetterOf } from '#stream/dead-letter.ts';
import { failure } from '#stream/failure.ts';
import { fingerprintOf } from '#stream/fingerprint.ts';
import { deadLetter, degrade, forward } from '#stream/outcome.ts';
import { at, START, trouble, until, world } from './world.ts';

/**
 * Chapter 6. A dead letter is the original record, byte for byte, with why it failed in text headers. It lies on the partition of
 * its origin and is written in the commit of its batch. A letter that is sent to its group again keeps its first origin.
 */

const lame = async (batch: readonly { event: { word: string } }[]) =>
  batch.map(({ event: { word } }) => degrade({ word, said: 'half' }, trouble('UNPARSEABLE')));

test('a letter has the bytes and headers of its record, where it stood, who failed, when, how often and why', async () => {
  const here = world(3);
  const [origin] = here.broker.produce([
    {
      topic: 'words.in',
      partition: 2,
      key: Buffer.from([0xff, 0x00]),
      value: Buffer.from('nonsense'),
      headers: { a: 'b' },
    },
  ]);
  here.time.pass(5_000);
  await here.run();
  await until(() => here.committed('words.in', 2) === 1);
  expect(origin?.partition).toBe(2);
  expect(here.letters()).toEqual([
    {
      topic: 'g.words.dlq',
      partition: 2,
      offset: 0,
      timestamp: START + 5_000,
      key: Buffer.from([0xff, 0x00]),
      value: Buffer.from('nonsense'),
      headers: {
        a: 'b',
        'dl-id': 'g.words:words.in:2:0',
        'dl-origin-topic': 'words.in',
        'dl-origin-partition': '2',
        'dl-origin-offset': '0',
        'dl-origin-timestamp': at(0),
        'dl-group': 'g.words',
        'dl-phase': 'words',
        'dl-code-version': '1.2.3',
        'dl-attempts': '1',
        'dl-first-failed-at': at(5_000),
        'dl-last-failed-at': at(5_000),
        'dl-class': 'decode',
        'dl-error': 'UNDECODABLE',
        'dl-error-message': '8 bytes that are no value.',
        'dl-fingerprint': fingerprintOf('words', failure('UNDECODABLE', '8 bytes that are no value.')),
        'dl-redrives': '0',
        'dl-forwarded': 'false',
      },
    },
  ]);
});

test('the id of a letter is the id of the event that went on beside it', async () => {
  const here = world();
  here.send(['a']);
  await here.run({ handle: lame });
  await until(() => here.committed() === 1);
  expect(here.broker.records('words.out')[0]?.headers['ce_id']).toBe(here.letters()[0]?.headers['dl-id']);
});

test('a message is cut to 1 KB, never within a character', async () => {
  const here = world();
  here.send(['a']);
  const long = failure('BAD_REQUEST', `x${'ü'.repeat(2_000)}`);
  await here.run({ handle: async (batch) => batch.map(() => deadLetter(long)) });
  await until(() => here.committed() === 1);
  expect(here.letters()[0]?.headers['dl-error-message']).toBe(`x${'ü'.repeat(511)}`);
});

test('failures of one cause have one fingerprint, whatever values they name', () => {
  const of = (message: string) => fingerprintOf('links', failure('UNPARSEABLE', message));
  expect(of('no field "work" in the answer for 4uLU6hMCjMI75M1A2tKUQC after 120 ms')).toBe(
    of('no field "artist" in the answer for 7ouMYWpwJ422jRcDASZB7P after 7 ms'),
  );
  expect(of('no field')).not.toBe(of('no answer'));
  expect(of('no field')).not.toBe(fingerprintOf('credits', failure('UNPARSEABLE', 'no field')));
});

/** Sends the letters of the first failing once more into the group, as a redrive does. */
async function redriven(here: ReturnType<typeof world>, redrives = '1') {
  const [letter] = here.letters();
  if (letter === undefined) throw new Error('There is no letter.');
  const { key, value, headers } = letter;
  here.broker.produce([
    { topic: 'g.words.replay', partition: 0, key, value, headers: { ...headers, 'dl-redrives': redrives } },
  ]);
  await until(() => here.committed('g.words.replay') === 1);
}

test('a redriven letter that succeeds goes on, as an event like any other', async () => {
  const here = world();
  here.broker.produce([
    { topic: 'words.in', partition: 0, key: null, value: Buffer.from('{"word":"a"}'), headers: {} },
  ]);
  let fails = true;
  await here.run({
    handle: async (batch) =>
      batch.map(({ event: { word } }) => (fails ? deadLetter(trouble('BAD_REQUEST')) : forward({ word, said: 'ok' }))),
  });
  await until(() => here.letters().length === 1);
  fails = false;
  await redriven(here);
  const [event] = here.broker.records('g.next.replay');
  expect(event?.value?.toString()).toBe('{"word":"a","said":"ok"}');
  expect(Object.keys(event?.headers ?? {}).filter((name) => name.startsWith('dl-'))).toEqual([]);
});

test('a redriven letter that fails again is the same letter: first origin and first failure stay, attempts and redrives count on', async () => {
  const here = world();
  here.send(['a']);
  await here.run({ handle: async (batch) => batch.map(() => deadLetter(trouble('BAD_REQUEST'))) });
  await until(() => here.letters().length === 1);
  here.time.pass(9_000);
  await redriven(here);
  const [first, second] = here.letters();
  expect(second).toEqual({
    ...first,
    offset: second?.offset,
    timestamp: START + 9_000,
    headers: {
      ...first?.headers,
      'dl-attempts': '2',
      'dl-redrives': '1',
      'dl-last-failed-at': at(9_000),
    },
  });
});

test('an event that went on before does not go on a second time when its letter fails again', async () => {
  const here = world();
  here.send(['a']);
  const running = await here.run({ handle: lame });
  await until(() => here.letters().length === 1);
  await redriven(here);
  expect(here.said()).toEqual(['a half']);
  expect(here.broker.records('g.next.replay')).toEqual([]);
  expect(here.lettersInShort()).toEqual(['{"word":"a"} UNPARSEABLE went on', '{"word":"a"} UNPARSEABLE went on']);
  expect(running.counts()).toMatchObject({ read: 2, degraded: 1, deadLettered: 1 });
});

test('a redrive is worked at a time after its last failure, even where the clock lies behind', async () => {
  const here = world();
  here.send(['a']);
  const seen: number[] = [];
  const handle = async (batch: readonly { event: { word: string } }[], { now }: { now: number }) => {
    seen.push(now);
    return batch.map(() => deadLetter(trouble('BAD_REQUEST')));
  };
  await here.run({ handle });
  await until(() => here.letters().length === 1);
  await redriven(here);
  expect(seen).toEqual([START, START + 1]);
});

test("another group's letter, or one whose headers make no sense, is no redrive of ours", () => {
  const headers = { 'dl-id': 'x', 'dl-group': 'g.words', 'dl-attempts': 'many' };
  expect(priorLetterOf(headers, 'g.words')).toBeNull();
  expect(priorLetterOf({ ...headers, 'dl-group': 'g.other' }, 'g.words')).toBeNull();
});
