import { nameKey } from '#track/names.ts';

/** Accents of Latin, Greek and Cyrillic letters. Marks of other scripts tell letters apart, so they stay. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Latin letters that are no base letter with an accent, as registries of plain letters print them. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

/** The words of a name or a title for comparison. Registries print in capitals, without accents and with other punctuation. */
export const wordsOf = (text: string): readonly string[] =>
  nameKey(text)
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(/[øłđðþæœı]/g, (letter) => PLAIN[letter] ?? letter)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');

const inOrder = (words: readonly string[]): string => words.toSorted().join(' ');

/** Scripts without capitals (Han, kana, Hangul, Thai …) are written with or without space between family and given name. */
function unspaced(words: readonly string[]): readonly string[] {
  const joined = words.join('');
  return /^\p{Lo}/u.test(joined) ? [joined, words.toReversed().join('')] : [];
}

/** Beginnings of family names, which are written apart or together: Mac Rae, O'Brien, St. Clair, De la Cruz. */
const BEGINNINGS: ReadonlySet<string> = new Set('mc mac o d st de del della la du dos van von der den'.split(' '));

/** The words with such beginnings written together with what follows. */
function glued(words: readonly string[]): readonly string[] {
  const done: string[] = [];
  for (const word of words.toReversed()) {
    const next = BEGINNINGS.has(word) ? done.pop() : undefined;
    done.push(next === undefined ? word : `${word}${next}`);
  }
  return done;
}

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length > 0 &&
  (inOrder(a) === inOrder(b) ||
    inOrder(glued(a)) === inOrder(glued(b)) ||
    unspaced(a).some((one) => unspaced(b).includes(one)));

/** Whether the one name is the other with middle names left out or as initials: Andrew Example, Andrew T. Sample Example. */
function middleLeftOut(short: readonly string[], long: readonly string[]): boolean {
  if (short.length < 2 || short.length > long.length) return false;
  if (short[0] !== long[0] || short.at(-1) !== long.at(-1)) return false;
  const middle = long.slice(1, -1);
  return short.slice(1, -1).every((word) => middle.some((one) => one.startsWith(word) || word.startsWith(one)));
}

/**
 * Whether a registry's name and a credited one can be the same person's: case, accents, punctuation, order and middle names do
 * not count. It is evidence about a song on which both stand, not an identity: nobody is joined to anybody by it.
 */
export function sameName(a: string, b: string): boolean {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  return sameWords(one, other) || middleLeftOut(one, other) || middleLeftOut(other, one);
}

/** What companies add to the name of the person who owns them. */
const COMPANY_WORDS: ReadonlySet<string> = new Set(
  'music musik musique songs song publishing publisher publications pub designee edition editions tunes productions entertainment works company co ltd limited llc inc gmbh bv ab'.split(
    ' ',
  ),
);

const withoutCompanyWords = (name: string): readonly string[] =>
  wordsOf(name).filter((word) => !COMPANY_WORDS.has(word));

/** Whether a company is called after a person: `Ada Example Music Ltd` after Ada Example. */
export const namedAfter = (company: string, person: string): boolean =>
  sameWords(withoutCompanyWords(company), withoutCompanyWords(person));
