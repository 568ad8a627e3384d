import type { Ledger, LedgerEntry } from '#providers/ports.ts';

const shelf = (provider: string, kind: string, key: string): string => `${provider}\n${kind}\n${key}`;

/**
 * A ledger for one process, gone with it.
 * @param most how many entries it keeps; the one that was stored longest ago makes room
 */
export function memoryLedger(most = 100_000): Ledger {
  const entries = new Map<string, LedgerEntry>();

  const put = (entry: LedgerEntry): void => {
    const place = shelf(entry.provider, entry.kind, entry.key);
    entries.delete(place);
    entries.set(place, entry);
    if (entries.size <= most) return;
    const [eldest] = entries.keys();
    if (eldest !== undefined) entries.delete(eldest);
  };

  return {
    find: async (provider, kind, keys, notBefore) => {
      const found = new Map<string, LedgerEntry>();
      for (const key of keys) {
        const entry = entries.get(shelf(provider, kind, key));
        if (entry !== undefined && entry.fetchedAt >= notBefore) found.set(key, entry);
      }
      return found;
    },
    store: async (stored) => {
      for (const entry of stored) put(entry);
    },
  };
}
