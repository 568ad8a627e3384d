import { machineMs, type Place } from '#providers/web-player/places.ts';
import type { Hold, PlaceTable } from './tab-places.ts';

/** Tabs end so much of a lease before another process may take their place. */
const MARGIN = 0.1;
/** Often enough that a few renewals may be late or lost. */
const RENEWALS_A_LEASE = 5;

/** The places that this process holds. */
export type HeldPlaces = {
  /** @param sentAt when it was asked for, by `machineMs`: the lease began then or later */
  hold(hold: Hold, sentAt: number): Place;
  /** Resolves when none is held, and the table knows it. */
  settled(): Promise<void>;
};

const keyOf = ({ place, holder }: Hold): string => `${place} ${holder}`;

/**
 * Leases on places, renewed until they are left. One that cannot be renewed stays ours until it lapses, and no longer.
 * @param freed called when others can have a place that was left
 */
export function heldPlaces(table: PlaceTable, leaseMs: number, freed: () => void): HeldPlaces {
  const held = new Map<string, { readonly hold: Hold; until: number }>();
  const leaving = new Set<string>();
  const settling: (() => void)[] = [];
  let renewing: NodeJS.Timeout | null = null;
  let isUnderway = false;

  const certainUntil = (sentAt: number): number => sentAt + leaseMs * (1 - MARGIN);

  const renew = async (): Promise<void> => {
    // A database that does not answer must not get all our connections.
    if (isUnderway) return;
    isUnderway = true;
    const sentAt = machineMs();
    // A lost database shows at the next place that is taken; until then the leases run.
    const ours = await table.renew([...held.values()].map(({ hold }) => hold)).catch(() => []);
    isUnderway = false;
    for (const hold of ours) {
      const one = held.get(keyOf(hold));
      if (one !== undefined) one.until = certainUntil(sentAt);
    }
  };

  const pause = (): void => {
    clearInterval(renewing ?? undefined);
    renewing = null;
  };

  const left = (key: string): void => {
    leaving.delete(key);
    if (held.size + leaving.size === 0) for (const settle of settling.splice(0)) settle();
  };

  const leave = (hold: Hold): void => {
    const key = keyOf(hold);
    if (!held.delete(key)) return;
    if (held.size === 0) pause();
    leaving.add(key);
    // What cannot be told lapses.
    table
      .leave(hold)
      .then(freed, () => undefined)
      .finally(() => left(key));
  };

  return {
    hold: (hold, sentAt) => {
      const one = { hold, until: certainUntil(sentAt) };
      held.set(keyOf(hold), one);
      renewing ??= setInterval(() => void renew(), leaseMs / RENEWALS_A_LEASE).unref();
      return { until: () => one.until, leave: () => leave(hold) };
    },
    settled: () =>
      new Promise((resolve) => {
        if (held.size + leaving.size === 0) resolve();
        else settling.push(resolve);
      }),
  };
}
