import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { redriveOrder, resolveOrder } from '#app/letters/orders.ts';
import { loadMap } from '#app/letters/redrive/map.ts';
import { pace, portionOf } from '#app/letters/redrive/pace.ts';
import { redrivenLines } from '#app/letters/redrive/words.ts';
import { redrivenOf } from '#stream/redriven.ts';

const folder = mkdtempSync(join(tmpdir(), 'maps-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

/** A clock that moves only when somebody waits on it, or works. */
function aStopwatch() {
  let now = 0;
  return {
    watch: {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    },
    works: (ms: number) => {
      now += ms;
    },
    now: () => now,
  };
}

const never = new AbortController().signal;

test('a portion waits for its share before it goes, so whoever starts again and again goes no faster', async () => {
  const time = aStopwatch();
  for (let start = 0; start < 10; start += 1) await pace(500, time.watch)(100, never);
  expect(time.now()).toBe(10 * 200);
});

test('what a portion took is made up for, by one portion at most', async () => {
  const time = aStopwatch();
  const take = pace(500, time.watch);
  await take(100, never);
  time.works(150);
  await take(100, never);
  expect(time.now()).toBe(400);
  time.works(10_000);
  await take(100, never);
  await take(100, never);
  expect(time.now()).toBe(10_600);
});

test.each([
  [0.5, 1],
  [50, 10],
  [500, 100],
  [1e6, 200],
])('at %d a second a portion is %d letters', (rate, letters) => {
  expect(portionOf(rate)).toBe(letters);
});

const standing = (headers: Readonly<Record<string, string>>) => ({
  ...{ topic: 'tracks.credits.dlq', partition: 4, offset: 9, timestamp: 0 },
  ...{ key: Buffer.from('k'), value: Buffer.from('v'), headers },
});
const goal = { group: 'tracks.credits', phase: 'credits', topic: 'tracks.credits.replay', redrive: 'r1', probe: false };

test('the letter of a stranger is sent with its past in our words, so that it is known when it fails again', () => {
  const letter = standing({
    'kafka_dlt-original-topic': 'tracks.spotify-enriched',
    'kafka_dlt-original-partition': '4',
    'kafka_dlt-original-offset': '77',
    'kafka_dlt-original-consumer-group': 'theirs',
  });
  const sent = redrivenOf(letter, goal, null);
  expect(sent).toMatchObject({ topic: 'tracks.credits.replay', partition: 4, key: letter.key, value: letter.value });
  expect(sent?.headers).toMatchObject({
    'dl-id': 'theirs:tracks.spotify-enriched:4:77',
    'dl-group': 'tracks.credits',
    'dl-redrives': '1',
    'dl-redrive-id': 'r1',
  });
  expect(redrivenOf(standing({ any: 'thing' }), goal, null)).toBeNull();
});

test('a map is a module with a function; anything else is told by its file', async () => {
  const good = await loadMap(fileOf('good.ts', 'export const map = (value: unknown) => value;'));
  expect(good).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), apply: expect.any(Function) });
  for (const file of [
    fileOf('none.ts', 'export const other = 1;'),
    fileOf('bad.ts', 'export const map = ('),
    join(folder, 'no.ts'),
  ])
    expect(await loadMap(file)).toMatchObject({ wrong: expect.stringContaining(file) });
});

test.each([
  [{}, [], /Select letters/],
  [{ phase: 'credits' }, ['all'], /one of them/],
  [{ phase: 'mastering' }, [], /^--phase: /],
  [{ code: 'TIMEOUT', rate: 'fast' }, [], /^--rate is "fast"/],
  [{ code: 'TIMEOUT', max: '1.5' }, [], /^--max is "1.5": a whole/],
  [{ code: 'TIMEOUT', 'max-redrives': '0' }, [], /^--max-redrives/],
])('an order that cannot be meant is refused by name: %j %j', async (options, flags, words) => {
  expect(await redriveOrder(options, new Set(flags))).toMatchObject({ wrong: expect.stringMatching(words) });
});

test('closing letters by hand needs a reason', () => {
  expect(resolveOrder({ code: 'TIMEOUT', reason: ' ' }, new Set())).toMatchObject({
    wrong: expect.stringMatching(/--reason/),
  });
  expect(resolveOrder({ code: 'TIMEOUT', reason: 'old' }, new Set())).toHaveProperty('order');
});

test('people read how a redrive ended, and what it left and why', () => {
  const left = {
    counts: { map: 1 },
    some: [{ letterId: 'x', reason: 'map' as const, message: 'name: expected string' }],
  };
  const end = { kind: 'ended' as const, id: 'r1', dlq: 'tracks.credits.dlq', redriven: 1200, left, message: null };
  expect(redrivenLines({ ends: [end] }, false)).toEqual([
    '1,200 dead letters of tracks.credits.dlq sent (redrive r1).',
    '',
    'Left as they are:',
    '          1  the map did not make an event of it that fits',
    '    x: name: expected string',
  ]);
  expect(redrivenLines({ ends: [{ ...end, kind: 'stopped', left: { counts: {}, some: [] } }] }, false)).toEqual([
    '1,200 dead letters of tracks.credits.dlq sent so far; the same command goes on (redrive r1).',
  ]);
  expect(redrivenLines({ ends: [] }, false)[0]).toMatch(/^Nothing/);
});
