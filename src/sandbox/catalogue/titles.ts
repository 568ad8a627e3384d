import { type Culture, cultures } from './cultures.ts';

const adjectiveMark = '{a}';

/** How many titles a culture has; several of them can read the same. */
export function titleCount(culture: Culture): number {
  return culture.titles.length * culture.adjectives.length * culture.nouns.length ** 2;
}

/** The title of an index below `titleCount`. */
export function titleAt(culture: Culture, index: number): string {
  const { titles, adjectives, nouns } = culture;
  const form = titles[index % titles.length] ?? adjectiveMark;
  const rest = Math.floor(index / titles.length);
  const second = Math.floor(rest / adjectives.length);
  return form
    .replaceAll(adjectiveMark, adjectives[rest % adjectives.length] ?? '')
    .replaceAll('{n}', nouns[second % nouns.length] ?? '')
    .replaceAll('{m}', nouns[Math.floor(second / nouns.length) % nouns.length] ?? '');
}

/** The first index whose title is put together of the same words: what a form does not use does not count. */
export function plainIndex({ titles, adjectives, nouns }: Culture, index: number): number {
  const form = titles[index % titles.length] ?? adjectiveMark;
  const rest = Math.floor(index / titles.length);
  const second = Math.floor(rest / adjectives.length);
  const adjective = form.includes(adjectiveMark) ? rest % adjectives.length : 0;
  const noun = form.includes('{n}') ? second % nouns.length : 0;
  const other = form.includes('{m}') ? Math.floor(second / nouns.length) % nouns.length : 0;
  return (index % titles.length) + titles.length * (adjective + adjectives.length * (noun + nouns.length * other));
}

/** The culture of a name; there always is one for a name that came from `cultures`. */
export function cultureNamed(name: string): Culture {
  const culture = cultures.find((one) => one.name === name);
  if (culture === undefined) throw new Error(`no culture is called ${name}`);
  return culture;
}

/** The indexes of a culture's titles that read like the text (letter case aside): the way back from `titleAt`. */
export type TitleIndex = (culture: Culture, title: string) => readonly number[];

/** Makes the way back; each culture's index is built when it is first asked for. */
export function titleIndex(): TitleIndex {
  const built = new Map<string, Map<string, number[]>>();
  return (culture, title) => {
    const index = built.get(culture.name) ?? indexOf(culture);
    built.set(culture.name, index);
    return index.get(title.toLowerCase()) ?? [];
  };
}

function indexOf(culture: Culture): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (let number = 0; number < titleCount(culture); number += 1) {
    const title = titleAt(culture, number).toLowerCase();
    const numbers = index.get(title);
    if (numbers === undefined) index.set(title, [number]);
    else numbers.push(number);
  }
  return index;
}
