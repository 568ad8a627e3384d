import type { Clock } from '#stream/ports.ts';

/** The one clock, and a reading of it that waits for nobody. */
export type KeptClock = { readonly clock: Clock; readonly now: () => number };

/**
 * Keeps the distance between this machine's clock and the one clock of all processes, so that moments taken between two readings
 * (when a provider answered) agree with those of other machines to within a batch.
 */
export async function keptClock(clock: Clock): Promise<KeptClock> {
  let ahead = 0;
  const read: Clock = async () => {
    const before = Date.now();
    const now = await clock();
    ahead = now - (before + Date.now()) / 2;
    return now;
  };
  await read();
  return { clock: read, now: () => Math.round(Date.now() + ahead) };
}
