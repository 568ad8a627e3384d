import type { HaltStore } from '#stream/ports.ts';

/** Halts that last as long as this process, and the operator's way to lift them: for tests and the engine's guide. */
export const memoryHaltStore = (): HaltStore & { readonly resume: (stage: string) => void } => {
  const halts = new Map<string, { readonly since: number; readonly reason: string }>();
  return {
    begin: async (stage, reason, now) => {
      if (!halts.has(stage)) halts.set(stage, { since: now, reason });
    },
    current: async (stage) => halts.get(stage) ?? null,
    resume: (stage) => {
      halts.delete(stage);
    },
  };
};
