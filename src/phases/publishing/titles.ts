import { nameKey } from '#track/names.ts';
import { wordsOf } from './names.ts';

/** Words that say of what stands in brackets or behind a dash that it names a version or a guest, not the song. */
const VERSION =
  /(^|[^\p{L}])(live|remaster(ed)?|acoustic|demo|edit|(re)?mix|version|instrumental|karaoke|unplugged|mono|stereo|bonus track|sped up|slowed|feat|ft|featuring|en vivo|ao vivo)([^\p{L}]|$)|ライブ|リマスター|バージョン|现场|現場|라이브/iu;

const ENDINGS = [
  /\s*[([（【]([^()[\]（）【】]*)[)\]）】]\s*$/u,
  /\s+[-–—]\s+([^-–—]*)$/u,
  /\s+((?:feat|ft|featuring)\b.*)$/iu,
] as const;

/** The title without the versions and guests at its end, as works are registered: `Example (feat. Bo) - Live` is `Example`. */
export function plainTitle(title: string): string {
  for (const ending of ENDINGS) {
    const found = ending.exec(title);
    const rest = title.slice(0, found?.index).trim();
    if (found !== null && rest !== '' && VERSION.test(found[1] ?? '')) return plainTitle(rest);
  }
  return title.trim();
}

/** Letters and digits alone; a title without any (`!!!`) as it stands. */
const folded = (title: string): string => wordsOf(title).join('') || nameKey(title);

const pairsOf = (text: string): readonly string[] =>
  [...text].slice(1).map((letter, at) => `${[...text][at]}${letter}`);

/** Dice's coefficient over pairs of letters, from 0 to 1. */
function likeness(a: string, b: string): number {
  const [one, other] = [pairsOf(a), [...pairsOf(b)]];
  if (one.length + other.length === 0) return 0;
  const common = one.filter((pair) => {
    const at = other.indexOf(pair);
    if (at >= 0) other.splice(at, 1);
    return at >= 0;
  });
  return (2 * common.length) / (one.length + pairsOf(b).length);
}

const ALIKE = 0.85;
const digitsOf = (title: string): string => title.replaceAll(/\P{N}/gu, '');

/** A letter more or less; but `Part 1` is never `Part 2`. */
const similar = (a: string, b: string): boolean => digitsOf(a) === digitsOf(b) && likeness(a, b) >= ALIKE;

/** How sure it is that a recording's title names a work: 2 the same title, 1 spelled a little differently, 0 another title. */
export type TitleMatch = 0 | 1 | 2;

/** @param titles all titles of the work, alternative ones too */
export function titleMatch(recording: string, titles: readonly string[]): TitleMatch {
  const asked = [recording, plainTitle(recording)].map(folded);
  const known = titles.flatMap((title) => [title, plainTitle(title)]).map(folded);
  if (asked.some((one) => one !== '' && known.includes(one))) return 2;
  return asked.some((one) => known.some((other) => similar(one, other))) ? 1 : 0;
}
