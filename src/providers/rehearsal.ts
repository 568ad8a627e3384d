import DataLoader from 'dataloader';
import type { Answer, Asking, Lookup } from './answer.ts';
import type { Ledger, LedgerEntry } from './ports.ts';
import { recollection } from './recall.ts';
import { recalled, type Source } from './source.ts';

const KEYS_A_LOOKUP = 1000;

/** What would be asked of one kind of a provider. */
export type Wanted = {
  readonly provider: string;
  readonly kind: string;
  /** Distinct keys that nobody has asked for, or not lately enough. */
  readonly keys: number;
  /** Questions that the ledger answers. */
  readonly known: number;
  /** Calls if every one is filled to the provider's maximum. */
  readonly calls: number;
};

type Shelf = {
  readonly provider: string;
  readonly kind: string;
  maxBatch: number;
  known: number;
  /** Each with its number. */
  readonly keys: Map<string, number>;
};

type Kind = Pick<Source<never, never>, 'provider' | 'kind' | 'maxBatch' | 'brings'>;

/**
 * Counts what clients would ask without anything being asked. With one of these among their ports, loaders look into the ledger and
 * note the rest here, so that what a run will cost is told by the very code that will run.
 */
export type Rehearsal = {
  known(kind: Kind): void;
  /** Notes a key to be asked for, once; returns its number, which no other key has. */
  wanted(kind: Kind, key: string): number;
  told(): readonly Wanted[];
};

export function rehearsal(): Rehearsal {
  const shelves = new Map<string, Shelf>();
  const brought = new Set<string>();
  let numbers = 0;

  const shelfOf = (provider: string, kind: string, maxBatch: number): Shelf => {
    const name = `${provider}/${kind}`;
    const shelf = shelves.get(name) ?? { provider, kind, maxBatch, known: 0, keys: new Map<string, number>() };
    shelves.set(name, shelf);
    return shelf;
  };

  return {
    known: ({ provider, kind, maxBatch }) => {
      shelfOf(provider, kind, maxBatch).known += 1;
    },
    wanted: ({ provider, kind, maxBatch, brings = [] }, key) => {
      for (const other of brings) brought.add(`${provider}/${other}/${key}`);
      numbers += 1;
      const next = numbers;
      if (brought.has(`${provider}/${kind}/${key}`)) return next;
      const { keys } = shelfOf(provider, kind, maxBatch);
      const noted = keys.get(key) ?? next;
      keys.set(key, noted);
      return noted;
    },
    told: () =>
      [...shelves.values()].map(({ provider, kind, maxBatch, known, keys }) => ({
        provider,
        kind,
        known,
        keys: keys.size,
        calls: Math.ceil(keys.size / maxBatch),
      })),
  };
}

/**
 * A lookup that asks nobody. What the ledger has and still counts is the answer; else the key is noted, and taken for answered as it
 * was the last time, or as the source presumes for what was never asked.
 */
export function rehearsed<Wire, Facts>(
  source: Source<Wire, Facts>,
  ledger: Ledger,
  { known, wanted }: Rehearsal,
): Lookup<string, Facts> {
  const { recollected } = recollection(source);
  const entries = new DataLoader<string, LedgerEntry | null>(
    async (keys) => {
      const found = await ledger.find(source.provider, source.kind, [...new Set(keys)], 0);
      return keys.map((key) => found.get(key) ?? null);
    },
    { cache: false, maxBatchSize: KEYS_A_LOOKUP },
  );
  return async (key, asking) => {
    const entry = await entries.load(key);
    const kept = recollected(entry ?? undefined, asking);
    if (kept !== null) {
      known(source);
      return kept;
    }
    return presumed(source, { key, entry, number: wanted(source, key) }, asking);
  };
}

type Unasked = { readonly key: string; readonly entry: LedgerEntry | null; readonly number: number };

function presumed<Wire, Facts>(
  source: Source<Wire, Facts>,
  { key, entry, number }: Unasked,
  { now }: Asking,
): Answer<Facts> {
  const last = entry === null ? null : recalled(source, entry);
  if (last !== null) return last.kind === 'failed' ? last : { ...last, fetchedAt: now };
  const wire = source.presumed?.(key, number);
  return wire === undefined
    ? { kind: 'not_found', fetchedAt: now }
    : { kind: 'found', facts: source.read(wire, key), fetchedAt: now };
}
