import { expect, test } from 'vitest';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { forward, retry } from '#stream/outcome.ts';
import type { Handler } from '#stream/stage.ts';
import { anAnswer, aStatus, fakeHttp, providerPorts } from '#test/support/providers.ts';
import { type Said, until, type Word, world } from './world.ts';

/**
 * Chapter 14. In the middle of 500 tracks the provider says: come back in two hours. Then nobody calls for two hours, nothing is
 * dead-lettered, nothing piles up, and all goes on by itself. A stage with less patience than that sends its events on, so that the
 * phases after it have work, and keeps a letter of each for the time when the provider is back.
 */

const TWO_HOURS = 7_200_000;
const TRACKS = Array.from({ length: 500 }, (_, n) => `track-${n}`);
const MIDDLE = 250;

/** A provider that refuses once in the middle, and a handler that asks it one call a track. */
function limited(here: ReturnType<typeof world>) {
  let refusedAt: number | null = null;
  let whileSilent = 0;
  const { http, requests } = fakeHttp(() => {
    const now = here.time.now();
    if (refusedAt !== null && now < refusedAt + TWO_HOURS) whileSilent += 1;
    if (refusedAt !== null || requests.length <= MIDDLE) return anAnswer({ fine: true });
    refusedAt = now;
    return aStatus(429, { 'retry-after': String(TWO_HOURS / 1_000) });
  });
  const governor = memoryGovernor({ api: { perSecond: 1e6, burst: 1_000 } }, here.time.now);
  const ports = providerPorts(http, { governor, now: here.time.now });
  const call = caller({ ...CALL_DEFAULTS, origin: 'https://example.org', account: 'api' }, ports);
  const handle: Handler<Word, Said> = async (batch, { signal }) => {
    const outcomes = [];
    for (const { event } of batch) {
      const request = { method: 'GET', path: `/${event.word}`, endpoint: '/{word}', body: null } as const;
      const answer = await call(request, { lane: 'live', signal });
      outcomes.push(answer.ok ? forward({ word: event.word, said: 'ok' }) : retry(answer.failure));
    }
    return outcomes;
  };
  return { handle, requests, whileSilent: () => whileSilent };
}

test('a patient stage waits two hours without a call or a letter, with little to do, and goes on by itself', async () => {
  const here = world();
  here.send(TRACKS);
  const { handle, requests, whileSilent } = limited(here);
  const begun = here.time.now();
  const heapBefore = process.memoryUsage().heapUsed;
  await here.run({ handle, patienceMs: 3 * 3_600_000 });
  await until(() => here.committed() === TRACKS.length);
  expect(here.time.now() - begun).toBeGreaterThanOrEqual(TWO_HOURS);
  expect([here.letters(), whileSilent()]).toEqual([[], 0]);
  expect(here.said()).toEqual(TRACKS.map((word) => `${word} ok`));
  expect(requests.length).toBe(TRACKS.length + 1);
  // Two hours in which nothing is looked at again and again.
  expect(here.slept.length).toBeLessThan(10);
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(50 * 1024 * 1024);
});

test('once its patience is spent every event goes on to the next phase, and nobody calls before the two hours are over', async () => {
  const here = world();
  here.send(TRACKS);
  const { handle, requests, whileSilent } = limited(here);
  const begun = here.time.now();
  await here.run({ handle, patienceMs: 60_000 });
  await until(() => here.committed() === TRACKS.length);
  expect(here.time.now() - begun).toBeLessThan(TWO_HOURS);
  const said = here.said();
  expect(said.length).toBe(TRACKS.length);
  expect(said.filter((one) => one.endsWith(' ok')).length).toBe(MIDDLE);
  expect(here.letters().length).toBe(TRACKS.length - MIDDLE);
  expect([requests.length, whileSilent()]).toEqual([MIDDLE + 1, 0]);

  here.time.pass(TWO_HOURS);
  here.send(['later']);
  await until(() => here.committed() === TRACKS.length + 1);
  expect(here.said().at(-1)).toBe('later ok');
});
