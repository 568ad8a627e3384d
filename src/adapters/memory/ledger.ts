import type { Claim, Ledger, LedgerEntry } from '#providers/ports.ts';

const shelf = (provider: string, kind: string, key: string): string => `${provider}\n${kind}\n${key}`;

/** Bodies are kept as text: a fraction of the room that objects take, and nobody can change what was received. */
type Kept = { readonly entry: LedgerEntry; readonly body: string };

type Held = { readonly owner: symbol; readonly live: boolean; readonly times: number };

/** What several ledgers may share, as processes share a database. */
export type Shelves = { readonly entries: Map<string, Kept>; readonly claims: Map<string, Held> };

export const emptyShelves = (): Shelves => ({ entries: new Map(), claims: new Map() });

/**
 * A ledger for one process, gone with it.
 * @param most how many entries it keeps; the one that was stored longest ago makes room
 * @param shelves where it keeps them; ledgers on the same shelves see each other's entries and claims
 */
export function memoryLedger(most = 100_000, { entries, claims }: Shelves = emptyShelves()): Ledger {
  const owner = Symbol('owner');

  const put = (entry: LedgerEntry): void => {
    const place = shelf(entry.provider, entry.kind, entry.key);
    const kept = entries.get(place);
    if (kept !== undefined && kept.entry.fetchedAt > entry.fetchedAt) return;
    entries.delete(place);
    entries.set(place, { entry: { ...entry, body: null }, body: JSON.stringify(entry.body) });
    if (entries.size <= most) return;
    const [eldest] = entries.keys();
    if (eldest !== undefined) entries.delete(eldest);
  };

  const take = ({ provider, kind, lane }: Claim, key: string): boolean => {
    const place = shelf(provider, kind, key);
    const live = lane === 'live';
    const held = claims.get(place);
    const mine = held?.owner === owner;
    if (held !== undefined && !mine && !(live && !held.live)) return false;
    claims.set(place, { owner, live: live || (mine && held.live), times: mine ? held.times + 1 : 1 });
    return true;
  };

  const letGo = (place: string): void => {
    const held = claims.get(place);
    if (held?.owner !== owner) return;
    if (held.times === 1) claims.delete(place);
    else claims.set(place, { ...held, times: held.times - 1 });
  };

  const find: Ledger['find'] = async (provider, kind, keys, notBefore) => {
    const found = new Map<string, LedgerEntry>();
    for (const key of keys) {
      const kept = entries.get(shelf(provider, kind, key));
      if (kept === undefined || kept.entry.fetchedAt < notBefore) continue;
      found.set(key, { ...kept.entry, body: JSON.parse(kept.body) });
    }
    return found;
  };

  return {
    find,
    store: async (stored) => {
      for (const entry of stored) put(entry);
    },
    claim: async (wanted) => {
      const { provider, kind, keys, notBefore } = wanted;
      const ours = new Set(keys.filter((key) => take(wanted, key)));
      return { ours, entries: await find(provider, kind, keys, notBefore) };
    },
    release: async (provider, kind, keys) => {
      for (const key of keys) letGo(shelf(provider, kind, key));
    },
  };
}
