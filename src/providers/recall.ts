import DataLoader from 'dataloader';
import type { Answer, Asking } from './answer.ts';
import type { Ledger, LedgerEntry } from './ports.ts';
import { recalled, type Source } from './source.ts';

const KEYS_A_LOOKUP = 1000;

type Rules = Pick<Source<unknown, unknown>, 'freshnessMs' | 'profile'>;

export type Question = { readonly key: string; readonly asking: Asking };

/** The oldest moment at which an entry of this outcome may have been fetched to count for this question. */
const oldest = (source: Rules, outcome: 'found' | 'empty', { now, notBefore }: Asking): number =>
  Math.max(0, now - source.freshnessMs[outcome], notBefore ?? 0);

function counts(source: Rules, entry: LedgerEntry, asking: Asking): boolean {
  if (entry.outcome === 'not_offered' && entry.profile !== source.profile()) return false;
  return entry.fetchedAt >= oldest(source, entry.outcome === 'found' ? 'found' : 'empty', asking);
}

/** Which entries of the ledger answer questions to a source. */
export function recollection<Wire, Facts>(source: Source<Wire, Facts>) {
  return {
    /** The oldest moment at which an entry may have been fetched to count for any of the questions. */
    since: (questions: readonly Question[]): number =>
      Math.min(
        ...questions.flatMap(({ asking }) => [oldest(source, 'found', asking), oldest(source, 'empty', asking)]),
      ),
    /** The entry as an answer, or `null` when there is none that counts for this question. */
    recollected: (entry: LedgerEntry | undefined, asking: Asking): Answer<Facts> | null =>
      entry !== undefined && counts(source, entry, asking) ? recalled(source, entry) : null,
  };
}

/**
 * Looks keys up in the ledger, all that are asked in one go with one query.
 * @returns the stored answer, or `null` when there is none that counts
 */
export function recall<Wire, Facts>(
  source: Source<Wire, Facts>,
  ledger: Ledger,
): (key: string, asking: Asking) => Promise<Answer<Facts> | null> {
  const { since, recollected } = recollection(source);
  const lookUp = async (questions: readonly Question[]): Promise<readonly (Answer<Facts> | null)[]> => {
    const keys = [...new Set(questions.map(({ key }) => key))];
    const entries = await ledger.find(source.provider, source.kind, keys, since(questions));
    return questions.map(({ key, asking }) => recollected(entries.get(key), asking));
  };
  const loader = new DataLoader<Question, Answer<Facts> | null>(lookUp, { cache: false, maxBatchSize: KEYS_A_LOOKUP });
  return (key, asking) => loader.load({ key, asking });
}
