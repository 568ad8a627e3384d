import type { z } from 'zod';
import { type Failure, failure } from '#stream/failure.ts';
import type { Answer } from './answer.ts';
import type { CallScope } from './call-scope.ts';
import { lacking, type Mismatch, misshapen } from './contract.ts';
import type { Linger } from './gather.ts';
import type { LedgerEntry } from './ports.ts';

/** What one key got from a call, before it is checked, stored and read. */
export type Fetched =
  | { readonly kind: 'found'; readonly body: unknown }
  | { readonly kind: 'not_found' | 'restricted' | 'not_offered' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** One kind of thing that a provider can be asked for by key. */
export type Source<Wire, Facts> = {
  readonly provider: string;
  /** Entity kind within the provider; names the ledger's shelf. */
  readonly kind: string;
  readonly maxBatch: number;
  /** How long the first key of a call waits for company. */
  readonly lingerMs: { readonly live: Linger; readonly replay: Linger };
  /** How long an answer in the ledger counts: `found` for facts, `empty` for the three that hold nothing. */
  readonly freshnessMs: { readonly found: number; readonly empty: number };
  /** Capability profile of the account now; a `not_offered` that another profile got does not count. */
  readonly profile: () => string;
  /** What an answer must have to be believed and stored. Its output is what the ledger keeps: tolerant, unknown keys stay. */
  readonly wire: z.ZodType<Wire>;
  /** Fields that `wire` does without but that every answer has had so far, dotted; their absence is noticed. */
  readonly expects?: readonly string[];
  readonly read: (wire: Wire, key: string) => Facts;
  /** Other kinds of this provider whose answer under the same key comes with this one's call. */
  readonly brings?: readonly string[];
  /** What a plan takes for the answer to a key that was never asked, so that what follows from it is counted too; absent: nothing. */
  readonly presumed?: (key: string, number: number) => Wire;
  /**
   * Asks the provider for these distinct keys, by as many calls as it takes. One result a key, in order; or `split`, and the
   * loader asks for both halves (a batch that was refused as a whole, an account without batches). Never rejects for trouble
   * of the provider. Never `split` for a single key.
   */
  readonly fetchBatch: (keys: readonly string[], scope: CallScope) => Promise<readonly Fetched[] | 'split'>;
};

/** The shape that an answer lacks, in a form that holds no data of the answer. */
const driftOf = (error: z.ZodError, what: string): Failure => {
  const first = error.issues[0];
  return failure('UNPARSEABLE', `${what}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'unknown shape'}`);
};

type Settled<Facts> = {
  readonly answer: Answer<Facts>;
  readonly entry: LedgerEntry | null;
  /** Where the answer differs from its shape, fatally or not. */
  readonly mismatches: readonly Mismatch[];
};

/** A call's result as an answer, and as the entry that the ledger keeps (`null` for failures and for drift). */
export function settled<Wire, Facts>(
  source: Source<Wire, Facts>,
  key: string,
  fetched: Fetched,
  fetchedAt: number,
): Settled<Facts> {
  if (fetched.kind === 'failed') return { answer: fetched, entry: null, mismatches: [] };
  const { provider, kind } = source;
  const entry = { provider, kind, key, outcome: fetched.kind, body: null, fetchedAt, profile: source.profile() };
  if (fetched.kind !== 'found') return { answer: { kind: fetched.kind, fetchedAt }, entry, mismatches: [] };
  const { body } = fetched;
  const wire = source.wire.safeParse(body);
  if (!wire.success) {
    const mismatches = misshapen(source, wire.error, body);
    return { answer: { kind: 'failed', failure: driftOf(wire.error, `${provider} ${kind}`) }, entry: null, mismatches };
  }
  return {
    answer: { kind: 'found', facts: source.read(wire.data, key), fetchedAt },
    entry: { ...entry, body: wire.data },
    mismatches: lacking(source, body),
  };
}

/** A stored entry as an answer; `null` when it was stored by a version whose shape no longer reads: ask again. */
export function recalled<Wire, Facts>(source: Source<Wire, Facts>, entry: LedgerEntry): Answer<Facts> | null {
  if (entry.outcome !== 'found') return { kind: entry.outcome, fetchedAt: entry.fetchedAt };
  const wire = source.wire.safeParse(entry.body);
  if (!wire.success) return null;
  return { kind: 'found', facts: source.read(wire.data, entry.key), fetchedAt: entry.fetchedAt };
}

/** Mismatches that were seen before an answer could be told from the others of its call. */
export const unread = (
  { provider, kind }: { readonly provider: string; readonly kind: string },
  fetched: readonly Fetched[],
): readonly Mismatch[] => {
  const drifted = fetched.flatMap((one) =>
    one.kind === 'failed' && one.failure.code === 'UNPARSEABLE' ? [one.failure.message] : [],
  );
  return drifted.map((problem) => ({ provider, kind, field: '(whole answer)', problem, sample: '' }));
};
