import { expect, test } from 'vitest';
import { infrastructureLost } from '#stream/lost.ts';
import { forward } from '#stream/outcome.ts';
import { until, type Word, world } from './world.ts';

/**
 * Chapter 5. A handler that throws, miscounts, or makes something that cannot be written has a bug; its neighbours do not. The batch
 * is halved until the message stands alone, and that one goes on as failed, with a letter.
 */

const ok = ({ event: { word } }: { event: Word }) => forward({ word, said: 'ok' });

test('a handler that throws on one message costs the others a second call and nothing else', async () => {
  const here = world();
  here.send(['a', 'b', 'bad', 'c']);
  const calls: string[] = [];
  const running = await here.run({
    handle: async (batch) => {
      calls.push(batch.map(({ event }) => event.word).join(' '));
      if (batch.some(({ event }) => event.word === 'bad')) throw new TypeError('no such thing');
      return batch.map(ok);
    },
  });
  await until(() => here.committed() === 4);
  expect(calls).toEqual(['a b bad c', 'a b', 'bad c', 'bad', 'c']);
  expect(here.said()).toEqual(['a ok', 'b ok', 'bad failed BUG', 'c ok']);
  expect(here.lettersInShort()).toEqual(['{"word":"bad"} BUG went on']);
  expect(here.letters()[0]?.headers['dl-error-message']).toBe('TypeError: no such thing');
  expect(running.counts()).toEqual({ read: 4, forwarded: 3, degraded: 1, deadLettered: 0, returned: 0, inFlight: 0 });
});

test('a handler that gives another number of outcomes than it got messages is found out in the same way', async () => {
  const here = world();
  here.send(['a', 'twice']);
  await here.run({
    handle: async (batch) =>
      batch.flatMap((message) => (message.event.word === 'twice' ? [ok(message), ok(message)] : [ok(message)])),
  });
  await until(() => here.committed() === 2);
  expect(here.said()).toEqual(['a ok', 'twice failed BUG']);
  expect(here.letters()[0]?.headers['dl-error-message']).toBe('The handler gave 2 outcomes for 1 messages.');
});

test('an output that cannot be encoded, or is too large for its topic, is replaced by the failed one', async () => {
  const here = world();
  here.send(['a', 'odd', 'huge', 'b']);
  const said = (word: string) => ({ odd: '!unencodable', huge: 'x'.repeat(5_000) })[word] ?? 'ok';
  await here.run({ handle: async (batch) => batch.map(({ event: { word } }) => forward({ word, said: said(word) })) });
  await until(() => here.committed() === 4);
  expect(here.said()).toEqual(['a ok', 'odd failed BUG', 'huge failed OVERSIZE', 'b ok']);
  expect(here.lettersInShort()).toEqual(['{"word":"odd"} BUG went on', '{"word":"huge"} OVERSIZE went on']);
});

test('when giving up fails too there is no event to send on: the letter stands alone', async () => {
  const here = world();
  here.send(['a', 'throws', '!unencodable', 'b']);
  await here.run({
    handle: async (batch) => {
      if (batch.some(({ event }) => event.word === 'throws')) throw new Error('first');
      return batch.map(ok);
    },
    giveUp: ({ event: { word } }) => {
      if (word === 'throws') throw new Error('second');
      return { word, said: 'failed' };
    },
  });
  await until(() => here.committed() === 4);
  expect(here.said()).toEqual(['a ok', 'b ok']);
  expect(here.lettersInShort()).toEqual(['{"word":"throws"} BUG held back', '{"word":"!unencodable"} BUG held back']);
  expect(here.letters()[0]?.headers['dl-error-message']).toBe('Error: first (giving up failed too: Error: second)');
});

test('lost infrastructure is no bug: nothing is committed, nothing dead-lettered, and the stage ends with that error', async () => {
  const here = world();
  here.send(['a']);
  const lost = infrastructureLost('postgres', new Error('ECONNREFUSED'));
  const running = await here.run({
    handle: async () => {
      throw new Error('the ledger gave no answer', { cause: lost });
    },
  });
  await expect(running.ended).rejects.toThrow('the ledger gave no answer');
  expect(here.committed()).toBeNull();
  expect(here.letters()).toEqual([]);
  expect(await here.starts.begun('g.words', { topic: 'words.in', partition: 0, offset: 0 })).toBe(1);
});

test('a failure that is really the database being gone is not blamed on the record: the clock is asked before it is settled', async () => {
  const here = world();
  here.send(['a']);
  let asked = 0;
  const clock = async () => {
    asked += 1;
    if (asked > 1) throw new Error('postgres is gone');
    return here.time.now();
  };
  const handle = async () => {
    throw new Error('some client says something unclear');
  };
  const running = await here.run({ handle }, { clock });
  await expect(running.ended).rejects.toThrow('postgres is gone');
  expect(here.committed()).toBeNull();
});
