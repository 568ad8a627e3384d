import { partitionKey } from '#adapters/group/servings.ts';
import type { SeenGroups } from '#stream/ports.ts';

/** Remembers as long as this process: for tests and the engine's guide. */
export const memorySeenGroups = (): SeenGroups => {
  const seen = new Set<string>();
  return {
    has: async (group, at) => seen.has(`${group} ${partitionKey(at)}`),
    note: async (group, at) => {
      seen.add(`${group} ${partitionKey(at)}`);
    },
  };
};
