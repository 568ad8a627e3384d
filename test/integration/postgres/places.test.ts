import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { postgresPlaces } from '#adapters/postgres/places.ts';
import { machineMs, type Place, type Places } from '#providers/web-player/places.ts';
import { isInfrastructureLost } from '#stream/lost.ts';
import { type PreparedPools, preparedPools } from '#test/support/pools.ts';

const LEASE_MS = 600;
const asking = { lane: 'live', signal: new AbortController().signal } as const;

let pools: PreparedPools;

beforeAll(async () => {
  pools = await preparedPools();
});
afterEach(async () => {
  await pools.open().query('truncate linernotes.tab_places, linernotes.tab_waits');
});
afterAll(async () => {
  await pools.close();
});

const aProcess = (tabs = 1, account = 'test') => {
  const pool = pools.open();
  return { pool, places: postgresPlaces(pool, { account, tabs, leaseMs: LEASE_MS }) };
};

/** Asks, and tells whether a place was given yet. */
function asker(places: Places, lane: 'live' | 'replay' = 'live') {
  const seen: { place: Place | null } = { place: null };
  const given = places.take({ ...asking, lane }).then((place) => {
    seen.place = place;
    return place;
  });
  return { given, hasPlace: () => seen.place !== null };
}

const waits = async (): Promise<number> =>
  (await pools.open().query('select from linernotes.tab_waits where wanted > 0')).rows.length;

describe('a place', () => {
  test('is kept for as long as its process lives, however long the page', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const place = await one.places.take(asking);
    const { given, hasPlace } = asker(other.places);
    const enough = machineMs() + 3 * LEASE_MS;
    await expect.poll(() => place.until() > enough, { timeout: 10_000 }).toBe(true);
    expect(hasPlace()).toBe(false);
    place.leave();
    (await given).leave();
  });

  test('of a process that lost the database is another’s, but not while the first is certain of it', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const place = await one.places.take(asking);
    await one.pool.end();
    const next = await other.places.take(asking);
    expect(place.until()).toBeLessThan(machineMs());
    place.leave();
    await one.places.settled();
    next.leave();
  });

  test('that lapsed cannot be given back, nor kept, by the process that had it', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const place = await one.places.take(asking);
    await one.pool.query(`update linernotes.tab_places set lapses_at = clock_timestamp() - interval '1 s'`);
    const next = await other.places.take(asking);
    const certain = next.until();
    await expect.poll(() => next.until() > certain, { timeout: 5_000 }).toBe(true);
    place.leave();
    await one.places.settled();
    const { rows } = await one.pool.query('select place from linernotes.tab_places where lapses_at > now()');
    expect(rows).toEqual([{ place: 1 }]);
    next.leave();
  });

  test('of another account is another', async () => {
    const places = [aProcess(1, 'one').places, aProcess(1, 'other').places];
    for (const place of await Promise.all(places.map((one) => one.take(asking)))) place.leave();
  });
});

describe('turns', () => {
  test('go round among processes in the order of asking, live before replay', async () => {
    const [holder, first, second, third] = [aProcess(), aProcess(), aProcess(), aProcess()];
    const place = await holder.places.take(asking);
    const order: string[] = [];
    const stand = async ({ places }: typeof first, name: string, lane: 'live' | 'replay') => {
      const { given } = asker(places, lane);
      const left = given.then((one) => {
        order.push(name);
        one.leave();
      });
      await expect.poll(waits).toBeGreaterThan(queue.length);
      queue.push(left);
    };
    const queue: Promise<void>[] = [];
    await stand(first, 'replay', 'replay');
    await stand(second, 'first live', 'live');
    await stand(third, 'second live', 'live');
    place.leave();
    await Promise.all(queue);
    expect(order).toEqual(['first live', 'second live', 'replay']);
  });

  test('of a process that is configured for fewer come when fewer are taken', async () => {
    const [wide, narrow] = [aProcess(3), aProcess(1)];
    const three = await Promise.all([1, 2, 3].map(() => wide.places.take(asking)));
    const { given, hasPlace } = asker(narrow.places);
    three[0]?.leave();
    three[1]?.leave();
    await expect.poll(waits).toBe(1);
    (await wide.places.take(asking)).leave();
    expect(hasPlace()).toBe(false);
    three[2]?.leave();
    (await given).leave();
  });
});

test('without its database nobody gets a place: all who wait are told that it is lost', async () => {
  const { pool, places } = aProcess();
  const place = await places.take(asking);
  const waiting = [places.take(asking), places.take({ ...asking, lane: 'replay' })];
  await pool.end();
  const reasons = await Promise.allSettled(waiting);
  expect(reasons.map((one) => one.status === 'rejected' && isInfrastructureLost(one.reason))).toEqual([true, true]);
  await expect(places.take(asking)).rejects.toSatisfy(isInfrastructureLost);
  place.leave();
});
