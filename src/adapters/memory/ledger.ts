import type { Ledger, LedgerEntry } from '#providers/ports.ts';

const shelf = (provider: string, kind: string, key: string): string => `${provider}\n${kind}\n${key}`;

/** Bodies are kept as text: a fraction of the room that objects take, and nobody can change what was received. */
type Kept = { readonly entry: LedgerEntry; readonly body: string };

/**
 * A ledger for one process, gone with it.
 * @param most how many entries it keeps; the one that was stored longest ago makes room
 */
export function memoryLedger(most = 100_000): Ledger {
  const entries = new Map<string, Kept>();

  const put = (entry: LedgerEntry): void => {
    const place = shelf(entry.provider, entry.kind, entry.key);
    entries.delete(place);
    entries.set(place, { entry: { ...entry, body: null }, body: JSON.stringify(entry.body) });
    if (entries.size <= most) return;
    const [eldest] = entries.keys();
    if (eldest !== undefined) entries.delete(eldest);
  };

  return {
    find: async (provider, kind, keys, notBefore) => {
      const found = new Map<string, LedgerEntry>();
      for (const key of keys) {
        const kept = entries.get(shelf(provider, kind, key));
        if (kept === undefined || kept.entry.fetchedAt < notBefore) continue;
        found.set(key, { ...kept.entry, body: JSON.parse(kept.body) });
      }
      return found;
    },
    store: async (stored) => {
      for (const entry of stored) put(entry);
    },
  };
}
