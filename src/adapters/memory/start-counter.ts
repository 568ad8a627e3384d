import { partitionKey } from '#adapters/group/servings.ts';
import type { StartCounter } from '#stream/ports.ts';

/** Counts starts in this process alone: for tests and the engine's guide. */
export const memoryStartCounter = (): StartCounter => {
  /** By group and partition: starts by offset. */
  const counts = new Map<string, Map<number, number>>();
  return {
    begun: async (group, first) => {
      const key = `${group} ${partitionKey(first)}`;
      const starts = counts.get(key) ?? new Map<number, number>();
      counts.set(key, starts);
      const count = (starts.get(first.offset) ?? 0) + 1;
      starts.set(first.offset, count);
      return count;
    },
    settled: async (group, next) => {
      const starts = counts.get(`${group} ${partitionKey(next)}`) ?? new Map<number, number>();
      for (const offset of [...starts.keys()]) if (offset < next.offset) starts.delete(offset);
    },
  };
};
