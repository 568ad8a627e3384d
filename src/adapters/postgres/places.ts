import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { askers, LANES } from '#providers/web-player/askers.ts';
import { machineMs, type Places } from '#providers/web-player/places.ts';
import { heldPlaces } from './held-places.ts';
import { placeTable } from './tab-places.ts';

/** How long a place stays taken that a dead process held; longer than any hiccup of one that lives. */
export const PLACE_LEASE_MS = 10_000;
/** How often it is looked whether others have left a place. */
const LOOK_MS = 100;
/** How long others stand back for one who does not look again. */
const TURN_MS = 5 * LOOK_MS;

export type PlacesOptions = {
  /** Whose places they are: those of another account are others. */
  readonly account: string;
  /** How many there are, for all processes together. */
  readonly tabs: number;
  readonly leaseMs?: number;
};

/**
 * The places of all processes that share a database, held by its clock. `take` rejects with `infrastructureLost` when the database
 * cannot be reached.
 */
export function postgresPlaces(pool: Pool, { account, tabs, leaseMs = PLACE_LEASE_MS }: PlacesOptions): Places {
  const table = placeTable(pool, account, tabs, leaseMs);
  const owner = randomUUID();
  const waiting = askers();
  const door = bell();
  const held = heldPlaces(table, leaseMs, door.ring);
  let isServing = false;
  let isFirst = true;

  /** Takes what is free for the first lane in which somebody waits, and waits when that was too little. */
  const serveOnce = async (lane: (typeof LANES)[number]): Promise<void> => {
    const { count, forMs } = waiting.waiting(lane);
    const holder = randomUUID();
    const sentAt = machineMs();
    door.listen();
    const numbers = await table.take({ owner, lane, count, forMs, turnMs: TURN_MS, holder });
    for (const number of numbers) {
      const place = held.hold({ place: number, holder }, sentAt);
      // An answer that came very late leaves too little of the lease to begin a page on.
      const isFresh = place.until() - machineMs() > leaseMs / 2;
      if (!isFresh || !waiting.give(place)) place.leave();
    }
    if (numbers.length < count) await door.wait(LOOK_MS);
  };

  const serve = async (): Promise<void> => {
    isServing = true;
    try {
      if (isFirst) await table.forgetTheDead();
      isFirst = false;
      for (;;) {
        const lane = LANES.find((one) => waiting.waiting(one).count > 0);
        if (lane === undefined) return;
        await serveOnce(lane);
      }
    } catch (error) {
      waiting.refuse(error);
    } finally {
      isServing = false;
    }
  };

  return {
    take: (scope) => {
      const standing = waiting.stand(scope);
      if (!isServing) void serve();
      return standing;
    },
    settled: held.settled,
  };
}

/** Wakes who waits for it; a ring since the last `listen` counts, too. */
function bell() {
  let isRung = false;
  let answer = (): void => undefined;
  return {
    ring: (): void => {
      isRung = true;
      answer();
    },
    listen: (): void => {
      isRung = false;
    },
    wait: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        if (isRung) return resolve();
        const timer = setTimeout(resolve, ms);
        answer = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
