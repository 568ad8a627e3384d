import type { PauseStore } from '#stream/ports.ts';

/** Pauses that last as long as this process: for tests and the engine's guide. */
export const memoryPauseStore = (): PauseStore => {
  const pauses = new Map<string, { readonly since: number; readonly reason: string }>();
  return {
    begin: async (stage, reason, now) => {
      const pause = pauses.get(stage) ?? { since: now, reason };
      pauses.set(stage, pause);
      return pause.since;
    },
    current: async (stage) => pauses.get(stage) ?? null,
    end: async (stage) => {
      pauses.delete(stage);
    },
  };
};
