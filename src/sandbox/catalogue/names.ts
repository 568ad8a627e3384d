import { type Culture, cultures } from './cultures.ts';
import type { Draw } from './draw.ts';

/** A person's name as its parts: registries ask for first and last name, pages print the whole. */
export type PersonName = { full: string; first: string; last: string };

const totalWeight = cultures.reduce((sum, culture) => sum + culture.weight, 0);

/** Picks a script by its weight. */
export function cultureOf(subject: Draw): Culture {
  let rest = subject.below(totalWeight, 'culture');
  for (const culture of cultures) {
    rest -= culture.weight;
    if (rest < 0) return culture;
  }
  throw new Error('weights of the cultures do not add up');
}

/** Forms of family names that break programs which split or re-case names. */
const awkwardLast = ['Mc', 'Mac', "O'", 'St. ', 'De la ', 'van der ', 'd’'] as const;

/** A made-up person's name; about one in twelve has a prefix like `Mc`, a numeral or a single word. */
export function personName(culture: Culture, subject: Draw): PersonName {
  const first = subject.pick(culture.given, 'given');
  const plain = subject.pick(culture.head, 'head') + subject.pick(culture.tail, 'tail');
  if (subject.chance(0.04, 'single name')) return { full: plain, first: '', last: plain };
  const last = culture.name === 'english' ? awkward(plain, subject) : plain;
  const full = culture.familyFirst ? `${last}${culture.gap}${first}` : `${first}${culture.gap}${last}`;
  return { full, first, last };
}

function awkward(plain: string, subject: Draw): string {
  if (subject.chance(0.1, 'prefix')) return `${subject.pick(awkwardLast, 'which prefix')}${plain}`;
  if (subject.chance(0.03, 'numeral')) return `${plain} III`;
  if (subject.chance(0.03, 'double')) return `${plain}-${subject.pick(['Ashby', 'Roe', 'Lindqvist'], 'second')}`;
  return plain;
}

const stageForms: readonly ((one: string, two: string, person: string) => string)[] = [
  (one) => `The ${one}s`,
  (one, two) => `${one} ${two}`,
  (one, two) => `${one.slice(0, 2).toUpperCase()}/${two.slice(0, 2).toUpperCase()}`,
  (one, two) => `${one}, ${two} & Ember`,
  (one, _, person) => `${person.split(' ')[0] ?? person}, The ${one}`,
  (one, two) => `${one} & the ${two}s`,
  (one) => `${one.replace(/[sS]/, '$')}$`,
  (one, two) => `${one}+${two}`,
  (one) => one.toUpperCase(),
  (one, two) => `${one.toLowerCase()}.${two.toLowerCase()}`,
];

/** A made-up band's or stage name; slashes, commas and ampersands are part of the name. */
export function stageName(culture: Culture, person: string, subject: Draw): string {
  const one = subject.pick(culture.nouns, 'first noun');
  const two = subject.pick(culture.adjectives, 'adjective');
  if (culture.name !== 'english') return subject.chance(0.5, 'short') ? `${one}` : `${two} ${one}`;
  const other = subject.pick(culture.nouns, 'second noun');
  return subject.pick(stageForms, 'form')(one, subject.chance(0.5, 'which') ? two : other, person);
}

const companyHeads = 'Lantern Harbour Foxglove Meridian Tinder Gable Larkspur Cobalt Ninepin Hearth'.split(' ');
const companyMiddles = 'Street Hill Bay Row Station Field Gate Point'.split(' ');

/** A made-up company name with the given ending, such as `Music Publishing` or `Records`. */
export function companyName(subject: Draw, ending: string): string {
  const head = subject.pick(companyHeads, 'company head');
  const middle = subject.chance(0.6, 'company has middle') ? ` ${subject.pick(companyMiddles, 'company middle')}` : '';
  return `${head}${middle} ${ending}`;
}
