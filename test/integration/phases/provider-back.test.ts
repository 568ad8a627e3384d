import { expect, test } from 'vitest';
import { mayGo } from '#app/letters/may-go.ts';
import { MAX_REDRIVES } from '#app/letters/redrive/redrive.ts';
import { forward, retry } from '#stream/outcome.ts';
import { redrivenOf, redrivesOf } from '#stream/redriven.ts';
import type { Handler } from '#stream/stage.ts';
import { type Said, START, trouble, until, type Word, world } from '#test/unit/stream/world.ts';

/**
 * A provider is down for half an hour, on a clock that is passed by hand. The stage, the rule by which letters are redriven and the
 * record that is made of a letter are the real ones; this test carries them, as `test/e2e/provider-back.test.ts` has it done for real.
 */

const MINUTE = 60_000;
const PATIENCE_MS = MINUTE;
const PROBE_MS = 30_000;
const PARTITIONS = 6;

const tracks = (count: number): string[] => Array.from({ length: count }, (_, n) => `track-${n}`);

type World = ReturnType<typeof world>;

/** Waits for one hundred after the other, so that no slow machine is too slow for all of them. */
async function worked(here: World, topic: string, total: number): Promise<void> {
  const now = () =>
    Array.from({ length: PARTITIONS }, (_, at) => here.committed(topic, at) ?? 0).reduce((sum, one) => sum + one, 0);
  while (now() < total) {
    const next = Math.min(total, now() + 100);
    await until(() => now() >= next);
  }
}

/** One call a track; nobody calls again in a batch that has met a provider that is down. */
function provider(here: World) {
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

/** Every half minute sends the letters that may go, each copy of a letter once and none more often than a redrive would. */
async function carryUntil(here: World, end: number): Promise<void> {
  const goal = { group: 'g.words', phase: 'words', topic: 'g.words.replay', redrive: 'r' } as const;
  const gone = new Set<string>();
  const placeOf = ({ partition, offset }: { partition: number; offset: number }) => `${partition}/${offset}`;
  while (here.time.now() < end) {
    here.time.pass(PROBE_MS);
    const pausedSince = (await here.pauses.current('words'))?.since ?? null;
    const standing = { phase: 'spotify', pausedSince, patienceMs: PATIENCE_MS, accounts: [] } as const;
    const may = mayGo('PROVIDER_DOWN', { ...standing, now: here.time.now() });
    const open = here
      .letters()
      .filter((letter) => !gone.has(placeOf(letter)) && redrivesOf(letter.headers) < MAX_REDRIVES);
    const sent = may === 'all' ? open : open.slice(0, may === 'probe' ? 1 : 0);
    for (const letter of sent) gone.add(placeOf(letter));
    const probe = may === 'probe';
    here.broker.produce(sent.flatMap((letter) => redrivenOf(letter, { ...goal, probe }, null) ?? []));
    await worked(here, 'g.words.replay', gone.size);
  }
}

/** Tracks that arrive at once at a stage whose provider is down, until the stage has let go of them all. */
async function outage(words: readonly string[]) {
  const here = world(PARTITIONS);
  const { handle, calls } = provider(here);
  here.send(words);
  await here.run({ handle, patienceMs: PATIENCE_MS, batch: { max: 100, lingerMs: 0 } });
  await worked(here, 'words.in', words.length);
  return { here, calls };
}

test('30 minutes down under 2,000 tracks: no attempt is burnt, all go on within patience, and all are complete in the end by themselves', async () => {
  const words = tracks(2_000);
  const { here, calls } = await outage(words);
  expect(here.time.now() - START).toBeLessThanOrEqual(PATIENCE_MS);
  expect(here.said().toSorted()).toEqual(words.map((word) => `${word} failed PROVIDER_DOWN`).toSorted());
  expect(here.letters().map(({ headers }) => headers['dl-attempts'])).toEqual(words.map(() => '0'));

  await carryUntil(here, START + 31 * MINUTE);

  expect(here.said('g.next.replay').toSorted()).toEqual(words.map((word) => `${word} ok`).toSorted());
  expect(here.said()).toHaveLength(words.length);
  expect(await here.pauses.current('words')).toBeNull();
  expect(calls.answered).toBe(words.length);
  // Each partition may be asking when the pause begins; after that only probes call in vain, each half minute at most.
  const probes = here.metric('linernotes_stage_probes_total', 'words', 'refused');
  expect(calls.refused - probes).toBeLessThanOrEqual(PARTITIONS);
  expect(probes).toBeLessThanOrEqual(2 * 30 + 20);
});

test('under three tracks each is the probe many times over, and still none is left behind as redriven too often', async () => {
  const words = tracks(3);
  const { here, calls } = await outage(words);
  await carryUntil(here, START + 31 * MINUTE);
  expect(here.said('g.next.replay').toSorted()).toEqual(words.map((word) => `${word} ok`));
  expect(calls.answered).toBe(words.length);
  expect(new Set(here.letters().map(({ headers }) => headers['dl-redrives']))).toEqual(new Set(['0']));
});
