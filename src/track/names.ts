const QUOTES = /[\u2018\u2019\u201b\u02bc\u0060\u00b4]/g;
const DASHES = /[\u2010-\u2015\u2212]/g;

/**
 * The key under which two spellings of one name are equal: NFKC, full case folding, typographic apostrophes and dashes as their
 * plain forms (MusicBrainz writes the typographic ones), runs of white space as one space.
 * Diacritics and every script stay as they are: a missed match costs a link, a false one gives a person someone else's.
 * The name is compared whole; it is never split.
 */
export const nameKey = (name: string): string =>
  name
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(QUOTES, "'")
    .replace(DASHES, '-')
    .replace(/\s+/gu, ' ')
    .trim();

/** An IPI name number in its 11 digits, or `null` when the text holds none. Sources drop or keep the leading zeros. */
export function ipiKey(ipi: string): string | null {
  const digits = ipi.replaceAll(/[\s.-]/g, '');
  return /^\d{5,11}$/.test(digits) ? digits.padStart(11, '0') : null;
}
