import { expect, test } from 'vitest';
import { z } from 'zod';
import { deadLetter, degrade, forward, type Outcome } from '#stream/outcome.ts';
import { type Said, trouble, until, type Word, world } from './world.ts';

/**
 * Chapter 2. A handler answers each message with one outcome: the event goes on (`forward`), it goes on and is dead-lettered
 * (`degrade`), or it is dead-lettered (`dead-letter`). There is no way to drop one. (`retry` is chapter 3.)
 */

const answer = ({ word }: Word): Outcome<Said> => {
  if (word === 'lame') return degrade({ word, said: 'half' }, trouble('UNPARSEABLE'));
  if (word === 'dead') return deadLetter(trouble('NO_TRACK_ID'));
  return forward({ word, said: 'ok' });
};
const handle = async (batch: readonly { event: Word }[]) => batch.map(({ event }) => answer(event));

test('each message ends as its outcome says, and its neighbours never notice', async () => {
  const here = world();
  here.send(['one', 'lame', 'dead', 'two']);
  const running = await here.run({ handle });
  await until(() => here.committed() === 4);
  expect(here.said()).toEqual(['one ok', 'lame half', 'two ok']);
  expect(here.lettersInShort()).toEqual([
    '{"word":"lame"} UNPARSEABLE went on',
    '{"word":"dead"} NO_TRACK_ID held back',
  ]);
  expect(running.counts()).toEqual({ read: 4, forwarded: 2, degraded: 1, deadLettered: 1, returned: 0, inFlight: 0 });
});

test('the counts are metrics too, and add up', async () => {
  const here = world();
  here.send(['one', 'lame', 'dead', 'two']);
  await here.run({ handle });
  await until(() => here.committed() === 4);
  expect({
    read: here.metric('linernotes_stage_read_total', 'words', 'live'),
    forwarded: here.metric('linernotes_stage_records_total', 'words', 'live', 'forwarded'),
    degraded: here.metric('linernotes_stage_records_total', 'words', 'live', 'degraded'),
    deadLettered: here.metric('linernotes_stage_records_total', 'words', 'live', 'dead-lettered'),
    unparseable: here.metric('linernotes_stage_failures_total', 'words', 'live', 'UNPARSEABLE'),
    inFlight: here.metric('linernotes_stage_in_flight', 'words', 'live'),
    batch: here.metric('linernotes_stage_batch_records', 'words', 'live'),
  }).toEqual({ read: 4, forwarded: 2, degraded: 1, deadLettered: 1, unparseable: 1, inFlight: 0, batch: 4 });
});

test('a record that cannot be read, or is not what the stage takes, is a dead letter and blocks nothing', async () => {
  const here = world();
  const raw = (text: string | null) => ({
    topic: 'words.in',
    partition: 0,
    key: null,
    value: text === null ? null : Buffer.from(text),
    headers: {},
  });
  here.broker.produce([raw('\u0000\u0001'), raw(null), raw('?77'), raw('{"word":7}'), raw('{"word":"one"}')]);
  await here.run();
  await until(() => here.committed() === 5);
  expect(here.said()).toEqual(['one ok']);
  expect(here.lettersInShort()).toEqual([
    '\u0000\u0001 UNDECODABLE held back',
    'null UNDECODABLE held back',
    '?77 UNKNOWN_SCHEMA held back',
    '{"word":7} INVALID_EVENT held back',
  ]);
});

test("a stage's input schema may name the failure code of what it refuses", async () => {
  const here = world();
  here.send(['nobody']);
  const input = z.object({ word: z.string() }).transform(({ word }, context) => {
    if (word !== 'nobody') return { word };
    context.addIssue({ code: 'custom', message: 'names no track', params: { failure: 'NO_TRACK_ID' } });
    return z.NEVER;
  });
  await here.run({ input });
  await until(() => here.committed() === 1);
  expect(here.lettersInShort()).toEqual(['{"word":"nobody"} NO_TRACK_ID held back']);
});
