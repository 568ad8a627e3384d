import { vi } from 'vitest';

/** Waits until something holds that needs no time but its turn; by itself vitest looks twenty times a second only. */
export const soon = (holds: () => boolean): Promise<unknown> => vi.waitUntil(holds, { interval: 1 });
