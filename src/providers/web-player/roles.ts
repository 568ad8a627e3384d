import type { CreditRole } from '#track/sections/credits.ts';

/** First match wins, so the more special stands first: a "recording producer" produces. */
const WORDS: readonly (readonly [pattern: RegExp, role: CreditRole])[] = [
  [/produc/i, 'producer'],
  [/lyric/i, 'lyricist'],
  [/compos/i, 'composer'],
  [/writ|author/i, 'writer'],
  [/engineer|mix|master|record/i, 'engineer'],
  [/artist|perform|vocal|sing/i, 'performer'],
];

/** What a role amounts to by its group alone; who works at "Production & Engineering" may do anything. */
const GROUPS: readonly (readonly [pattern: RegExp, role: CreditRole])[] = [
  [/composition|lyrics|writ/i, 'writer'],
  [/^artist|perform/i, 'performer'],
];

const firstOf = (table: typeof WORDS, text: string): CreditRole | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

/**
 * What a credited role amounts to: by its own words, else by its group's (an instrument under "Performers" is a performer's).
 * @param given as the page words it, English
 */
export const roleOf = (given: string, group: string | null): CreditRole =>
  firstOf(WORDS, given) ?? firstOf(GROUPS, group ?? '') ?? 'other';
