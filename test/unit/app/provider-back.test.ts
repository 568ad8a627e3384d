import { expect, test } from 'vitest';
import { mayGo } from '#app/letters/may-go.ts';
import { forward, retry } from '#stream/outcome.ts';
import type { Handler } from '#stream/stage.ts';
import { type Said, START, trouble, until, type Word, world } from '../stream/world.ts';

/**
 * A provider is down for half an hour under 2,000 tracks, on a clock that is passed by hand. The stage and the rule by which letters
 * are redriven are the real ones; the letters are carried by this test, as `test/e2e/provider-back.test.ts` has it done for real.
 */

const MINUTE = 60_000;
const PATIENCE_MS = MINUTE;
const PROBE_MS = 30_000;
const TRACKS = Array.from({ length: 2_000 }, (_, n) => `track-${n}`);

/** Waits for one hundred after the other, so that no slow machine is too slow for all of them. */
async function committed(here: ReturnType<typeof world>, topic: string, total: number): Promise<void> {
  const now = () => here.committed(topic) ?? 0;
  while (now() < total) {
    const next = Math.min(total, now() + 100);
    await until(() => now() >= next);
  }
}

/** One call a track; nobody calls again in a batch that has met a provider that is down. */
function provider(here: ReturnType<typeof world>) {
  const calls = { answered: 0, refused: 0 };
  const isUp = () => here.time.now() >= START + 30 * MINUTE;
  const handle: Handler<Word, Said> = async (batch, { closed }) => {
    let down = closed;
    return batch.map(({ event: { word } }) => {
      if (down === null && !isUp()) {
        calls.refused += 1;
        down = trouble('UNAUTHORIZED');
      }
      if (down !== null) return retry(down);
      calls.answered += 1;
      return forward({ word, said: 'ok' });
    });
  };
  return { handle, calls };
}

test('30 minutes down under 2,000 tracks: no attempt is burnt, all go on within patience, and all are complete in the end by themselves', async () => {
  const here = world();
  const { handle, calls } = provider(here);
  here.send(TRACKS);
  await here.run({ handle, patienceMs: PATIENCE_MS, batch: { max: 100, lingerMs: 0 } });
  await committed(here, 'words.in', TRACKS.length);
  expect(here.time.now() - START).toBeLessThanOrEqual(PATIENCE_MS);
  expect(here.said()).toEqual(TRACKS.map((word) => `${word} failed PROVIDER_DOWN`));
  expect(here.letters().map(({ headers }) => headers['dl-attempts'])).toEqual(TRACKS.map(() => '0'));

  let carried = 0;
  while (carried < here.letters().length) {
    here.time.pass(PROBE_MS);
    const open = here.letters().slice(carried);
    const pausedSince = (await here.pauses.current('words'))?.since ?? null;
    const standing = { phase: 'spotify', pausedSince, patienceMs: PATIENCE_MS, accounts: [] } as const;
    const may = mayGo('PROVIDER_DOWN', { ...standing, now: here.time.now() });
    const sent = may === 'all' ? open : open.slice(0, may === 'probe' ? 1 : 0);
    carried += sent.length;
    const before = here.committed('g.words.replay') ?? 0;
    here.broker.produce(
      sent.map(({ key, value, headers }) => ({ topic: 'g.words.replay', partition: 0, key, value, headers })),
    );
    await committed(here, 'g.words.replay', before + sent.length);
  }

  expect(here.said('g.next.replay').toSorted()).toEqual(TRACKS.map((word) => `${word} ok`).toSorted());
  expect(calls.answered).toBe(TRACKS.length);
  // A probe each half minute at most, and those of the minute of patience.
  expect(calls.refused).toBeLessThanOrEqual(2 * 30 + 20);
  expect(here.time.now() - START).toBeLessThanOrEqual(31 * MINUTE);
  expect(await here.pauses.current('words')).toBeNull();
});
