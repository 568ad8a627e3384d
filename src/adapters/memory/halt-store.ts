import type { HaltStore } from '#stream/ports.ts';

/** Halts that last as long as this process, and the operator's way to lift them: for tests and the engine's guide. */
export const memoryHaltStore = (): HaltStore & { readonly resume: (stage: string) => void } => {
  const halts = new Map<string, { readonly since: number; readonly reason: string }>();
  /** By stage: records counted so far, and the numbers of those that were lost. */
  const counted = new Map<string, { readonly records: number; readonly losses: readonly number[] }>();
  return {
    count: async (stage, more, lost, of) => {
      const before = counted.get(stage) ?? { records: 0, losses: [] };
      const records = before.records + more;
      const all = [...before.losses, ...lost.map((back) => records - back)];
      const losses = all.filter((number) => number > records - of);
      counted.set(stage, { records, losses });
      return losses.length;
    },
    begin: async (stage, reason, now) => {
      if (!halts.has(stage)) halts.set(stage, { since: now, reason });
    },
    current: async (stage) => halts.get(stage) ?? null,
    resume: (stage) => {
      halts.delete(stage);
      counted.delete(stage);
    },
  };
};
