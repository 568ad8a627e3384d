import DataLoader from 'dataloader';
import type { Answer, Asking } from './answer.ts';
import type { Ledger, LedgerEntry } from './ports.ts';
import { recalled, type Source } from './source.ts';

const KEYS_A_LOOKUP = 1000;

type Rules = Pick<Source<unknown, unknown>, 'freshnessMs' | 'profile'>;

type Question = { readonly key: string; readonly asking: Asking };

/** The oldest moment at which an entry of this outcome may have been fetched to count for this question. */
const oldest = (source: Rules, outcome: 'found' | 'empty', { now, notBefore }: Asking): number =>
  Math.max(0, now - source.freshnessMs[outcome], notBefore ?? 0);

function counts(source: Rules, entry: LedgerEntry, asking: Asking): boolean {
  if (entry.outcome === 'not_offered' && entry.profile !== source.profile()) return false;
  return entry.fetchedAt >= oldest(source, entry.outcome === 'found' ? 'found' : 'empty', asking);
}

/**
 * Looks keys up in the ledger, all that are asked in one go with one query.
 * @returns the stored answer, or `null` when there is none that counts
 */
export function recall<Wire, Facts>(
  source: Source<Wire, Facts>,
  ledger: Ledger,
): (key: string, asking: Asking) => Promise<Answer<Facts> | null> {
  const lookUp = async (questions: readonly Question[]): Promise<readonly (Answer<Facts> | null)[]> => {
    const keys = [...new Set(questions.map(({ key }) => key))];
    const since = Math.min(
      ...questions.flatMap(({ asking }) => [oldest(source, 'found', asking), oldest(source, 'empty', asking)]),
    );
    const entries = await ledger.find(source.provider, source.kind, keys, since);
    return questions.map(({ key, asking }) => {
      const entry = entries.get(key);
      return entry !== undefined && counts(source, entry, asking) ? recalled(source, entry) : null;
    });
  };
  const loader = new DataLoader<Question, Answer<Facts> | null>(lookUp, { cache: false, maxBatchSize: KEYS_A_LOOKUP });
  return (key, asking) => loader.load({ key, asking });
}
