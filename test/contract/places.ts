import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineMs, type Places } from '#providers/web-player/places.ts';

/** Places as several processes see them. */
export type PlacesUnderTest = {
  /** The places of another process; each account has as many as are said. */
  connect(account: string, tabs: number): Places;
  close(): Promise<void>;
};

type Lane = 'live' | 'replay';

/** A queue of askers, and the names of those that have a place, in the order in which they got it. */
function queue() {
  const inside: string[] = [];
  const ask = async (places: Places, name: string, lane: Lane = 'live', signal = new AbortController().signal) => {
    const place = await places.take({ lane, signal });
    inside.push(name);
    return place;
  };
  return { inside, ask };
}

const asking = { lane: 'live', signal: new AbortController().signal } as const;

/** Reads so many pages in each process at once. @returns the most that were open at a time */
async function mostOpen(processes: readonly Places[], pages: number): Promise<number> {
  let open = 0;
  let most = 0;
  const page = async (places: Places): Promise<void> => {
    const place = await places.take(asking);
    open += 1;
    most = Math.max(most, open);
    await new Promise(setImmediate);
    open -= 1;
    place.leave();
  };
  await Promise.all(processes.flatMap((places) => Array.from({ length: pages }, () => page(places))));
  return most;
}

/** The promises of the places' port. They hold for Postgres and for the places in memory alike. */
export const placesContract = (name: string, makePlaces: () => Promise<PlacesUnderTest>): void => {
  describe(`${name} keeps the contract of places`, () => {
    let under: PlacesUnderTest;

    beforeAll(async () => {
      under = await makePlaces();
    });
    afterAll(async () => {
      await under.close();
    });

    test('gives as many as there are, and never one more, to however many processes', async () => {
      const processes = Array.from({ length: 3 }, () => under.connect('many', 4));
      expect(await mostOpen(processes, 40)).toBe(4);
    });

    test('is certain of a place that it gives', async () => {
      const place = await under.connect('certain', 1).take(asking);
      expect(place.until()).toBeGreaterThan(machineMs());
      place.leave();
    });

    test('gives in the order of asking, live before replay', async () => {
      const places = under.connect('order', 1);
      const { inside, ask } = queue();
      const first = await ask(places, 'first');
      const others = [
        ask(places, 'replay', 'replay'),
        ask(places, 'live 1'),
        ask(places, 'live 2'),
        ask(places, 'later replay', 'replay'),
      ];
      first.leave();
      await Promise.all(others.map((one) => one.then((place) => place.leave())));
      expect(inside).toEqual(['first', 'live 1', 'live 2', 'replay', 'later replay']);
    });

    test('frees a place once, however often it is left', async () => {
      const places = under.connect('once', 2);
      const place = await places.take(asking);
      place.leave();
      place.leave();
      expect(await mostOpen([places], 20)).toBe(2);
    });

    test('rejects with the reason of the signal, and who stood behind is next', async () => {
      const places = under.connect('leaving', 1);
      const { inside, ask } = queue();
      const first = await ask(places, 'first');
      const gone = new AbortController();
      const leaving = ask(places, 'gone', 'live', gone.signal);
      const next = ask(places, 'next');
      gone.abort('partition lost');
      await expect(leaving).rejects.toBe('partition lost');
      await expect(places.take({ lane: 'live', signal: gone.signal })).rejects.toBe('partition lost');
      first.leave();
      (await next).leave();
      expect(inside).toEqual(['first', 'next']);
    });

    test('settles when all that were taken are left', async () => {
      const places = under.connect('settling', 2);
      const { ask } = queue();
      const taken = [await ask(places, 'one'), await ask(places, 'two')];
      let isSettled = false;
      const settled = places.settled().then(() => {
        isSettled = true;
      });
      taken[0]?.leave();
      (await ask(places, 'three')).leave();
      expect(isSettled).toBe(false);
      taken[1]?.leave();
      await settled;
    });
  });
};
