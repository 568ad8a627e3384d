import { nameKey } from '#track/names.ts';

/** Accents of Latin, Greek and Cyrillic letters. Marks of other scripts tell letters apart, so they stay. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Registries print names in capitals and without accents, and some put the family first. */
const wordsOf = (name: string): readonly string[] =>
  nameKey(name)
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');

const inOrder = (words: readonly string[]): string => words.toSorted().join(' ');

/** Scripts without capitals (Han, kana, Hangul, Thai …) are written with or without space between family and given name. */
function unspaced(words: readonly string[]): readonly string[] {
  const joined = words.join('');
  return /^\p{Lo}/u.test(joined) ? [joined, words.toReversed().join('')] : [];
}

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length > 0 && (inOrder(a) === inOrder(b) || unspaced(a).some((one) => unspaced(b).includes(one)));

/** Whether a registry's name and a credited one can be the same person's: case, accents, punctuation and order do not count. */
export const sameName = (a: string, b: string): boolean => sameWords(wordsOf(a), wordsOf(b));

/** What companies add to the name of the person who owns them. */
const COMPANY_WORDS: ReadonlySet<string> = new Set(
  'music musik musique songs song publishing publisher publications pub editions edition tunes productions entertainment works company co ltd limited llc inc gmbh bv ab'.split(
    ' ',
  ),
);

const withoutCompanyWords = (name: string): readonly string[] =>
  wordsOf(name).filter((word) => !COMPANY_WORDS.has(word));

/** Whether a company is called after a person: `Ada Example Music Ltd` after Ada Example. */
export const namedAfter = (company: string, person: string): boolean =>
  sameWords(withoutCompanyWords(company), withoutCompanyWords(person));

/** Whether a recording's title is that of a work, with or without a version after it. */
export function titleOf(recording: string, work: string): boolean {
  const [long, short] = [wordsOf(recording).join(' '), wordsOf(work).join(' ')];
  return short !== '' && (long === short || long.startsWith(`${short} `));
}
