import type { Failure } from '#stream/failure.ts';
import type { BypassStore } from '#stream/ports.ts';

/** Bypasses that last as long as this process: for tests and the engine's guide. */
export const memoryBypassStore = (): BypassStore => {
  const bypasses = new Map<string, { readonly since: number; readonly cause: Failure }>();
  return {
    begin: async (stage, cause, now) => {
      const bypass = bypasses.get(stage) ?? { since: now, cause };
      bypasses.set(stage, bypass);
      return bypass.since;
    },
    current: async (stage) => bypasses.get(stage) ?? null,
    end: async (stage) => {
      bypasses.delete(stage);
    },
  };
};
