import { setTimeout as elapsed } from 'node:timers/promises';

const LOOK_MS = 1_000;

/**
 * Looks now, and then every second.
 * @returns when it has looked once; `close` ends it
 * @throws when the first look does; a later one that fails is made up for by the next
 */
export async function looking(look: () => Promise<void>): Promise<{ close(): Promise<void> }> {
  const over = new AbortController();
  const goOn = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await elapsed(LOOK_MS, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
      await look().catch(() => undefined);
    }
  };
  await look();
  const going = goOn();
  return {
    close: async () => {
      over.abort();
      await going;
    },
  };
}
