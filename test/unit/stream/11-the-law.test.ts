import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '#stream/message.ts';
import { deadLetter, degrade, forward, type Outcome, retry } from '#stream/outcome.ts';
import { type Said, stageOf, trouble, until, type Word, world } from './world.ts';

/**
 * Chapter 11. Whatever handlers say, whatever breaks, however commits fail: every record ends as forwarded, degraded or dead-lettered,
 * exactly once; the counts add up; and the events of one key keep their order.
 */

/** What is wrong with a record, and the ends that are right for it. */
const FATES = {
  fine: ['forwarded'],
  lame: ['degraded'],
  dead: ['dead-lettered'],
  flaky: ['forwarded', 'degraded'],
  broken: ['degraded'],
  hopeless: ['degraded'],
  odd: ['degraded'],
  '!unencodable': ['dead-lettered'],
  garbage: ['dead-lettered'],
  down: ['forwarded', 'degraded'],
} as const;
type Fate = keyof typeof FATES;

/** A halted stage takes nothing more, by law (chapter 16): here nothing is lost often enough for that. */
const NO_HALT = { ...stageOf().limits, halt: { most: 1_000, of: 1_000 } };

/** A run that never ends costs a second; shrinking one stops in time for the counterexample to be told before the test is cut off. */
const SHRINK_MS = 3_000;

const keyOf = ({ word }: { word: string }): string => word.slice(0, 2);
const fateOf = (word: string): string => word.split(' ').at(-1) ?? '';

/** A handler whose `flaky` and `down` words succeed at their second attempt, and which throws on `broken`. */
function handler() {
  const tries = new Map<string, number>();
  const again = (word: string, code: 'TIMEOUT' | 'UNAUTHORIZED'): Outcome<Said> => {
    const before = tries.get(word) ?? 0;
    tries.set(word, before + 1);
    return before > 0 ? forward({ word, said: 'ok' }) : retry(trouble(code));
  };
  const answers: Readonly<Record<string, (word: string) => Outcome<Said>>> = {
    lame: (word) => degrade({ word, said: 'half' }, trouble('UNPARSEABLE')),
    dead: () => deadLetter(trouble('BAD_REQUEST')),
    flaky: (word) => again(word, 'TIMEOUT'),
    down: (word) => again(word, 'UNAUTHORIZED'),
    hopeless: () => retry(trouble('TIMEOUT')),
    odd: (word) => forward({ word, said: '!unencodable' }),
    broken: () => {
      throw new Error('broken');
    },
  };
  return async (batch: readonly Message<Word>[]) =>
    batch.map(({ event: { word } }) => answers[fateOf(word)]?.(word) ?? forward({ word, said: 'ok' }));
}

const records = fc.array(
  fc.record({
    key: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5'),
    fate: fc.constantFrom(...(Object.keys(FATES) as Fate[])),
    lane: fc.constantFrom('words.in', 'words.in', 'g.words.replay'),
  }),
  { minLength: 1, maxLength: 24 },
);
const faults = fc.array(fc.constantFrom('lost-before', 'left-open', 'lost-after'), { maxLength: 4 });

test('each record ends once and rightly, in order by key, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(records, faults, fc.integer({ min: 1, max: 7 }), async (given, broken, max) => {
      const here = world(2);
      const sent = here.broker.produce(
        given.map(({ key, fate, lane }, index) => ({
          topic: lane,
          partition: null,
          key: Buffer.from(key),
          value: Buffer.from(fate === 'garbage' ? `${key} ${index} garbage` : `{"word":"${key} ${index} ${fate}"}`),
          headers: {},
        })),
      );
      for (const fault of broken) here.broker.failNextCommit(fault);
      const running = await here.run({ handle: handler(), keyOf, batch: { max, lingerMs: 0 }, limits: NO_HALT });
      const ends = new Map(sent.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset + 1]));
      await until(() => [...ends].every(([at, end]) => here.committed(...placeOf(at)) === end));
      await until(() => running.counts().inFlight === 0);

      const wordOf = (value: Buffer | null) => value?.toString().match(/k\d \d+ [!a-z]+/)?.[0] ?? '';
      const events = [...here.broker.records('words.out'), ...here.broker.records('g.next.replay')];
      const went = events.map(({ value }) => wordOf(value));
      const letters = here.letters().map(({ value, headers }) => [wordOf(value), headers['dl-forwarded']] as const);

      for (const [index, { key, fate }] of given.entries()) {
        const word = `${key} ${index} ${fate}`;
        const going = went.filter((other) => other === word).length;
        const mine = letters.filter(([other]) => other === word).map(([, forwarded]) => forwarded);
        expect(rightEnds(fate, given)).toContain(endOf(going, mine));
      }
      expect(new Set(events.map(({ headers }) => headers['ce_id'])).size).toBe(events.length);
      for (const topic of ['words.out', 'g.next.replay'])
        for (const key of ['k1', 'k2', 'k3', 'k4', 'k5']) {
          const order = here.broker.records(topic).flatMap(({ value }) => {
            const word = wordOf(value);
            return word.startsWith(key) ? [Number(word.split(' ')[1])] : [];
          });
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      const { read, forwarded, degraded, deadLettered, returned } = running.counts();
      expect(read).toBe(forwarded + degraded + deadLettered + returned);
      await running.drain(0);
    }),
    { numRuns: 60, interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: true },
  );
});

/**
 * While the provider is down and patience is spent, it is spent for every message (chapter 4): one that the handler would have
 * forwarded or dead-lettered degrades then.
 */
const rightEnds = (fate: Fate, given: readonly { readonly fate: Fate }[]): readonly string[] => {
  const isHandled = fate !== 'garbage' && fate !== '!unencodable';
  const mayBeDown = given.some((other) => other.fate === 'down');
  return isHandled && mayBeDown ? [...FATES[fate], 'degraded'] : FATES[fate];
};

const placeOf = (at: string): [string, number] => {
  const [topic, partition] = at.split('/');
  return [topic ?? '', Number(partition)];
};

/** The one end that so many events and letters mean; anything else has no name and fails the test. */
const endOf = (events: number, letters: readonly (string | undefined)[]): string => {
  const ends: Readonly<Record<string, string>> = {
    '1:': 'forwarded',
    '1:true': 'degraded',
    '0:false': 'dead-lettered',
  };
  return ends[`${events}:${letters.join(',')}`] ?? `${events} events and ${letters.length} letters`;
};
