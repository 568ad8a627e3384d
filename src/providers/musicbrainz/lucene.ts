/** A dash is an operator only where a term begins; escaping the others of an MBID would but lengthen the URL. */
const SPECIAL = /[+!(){}[\]^"~*?:\\/&|\s]|^-/g;

/** One term, its special characters escaped so that they mean themselves. */
export const term = (value: string): string => value.replace(SPECIAL, '\\$&');

/** A phrase: only quotes and backslashes are special inside one. */
export const phrase = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** A query for documents whose field has any of these values. */
export const anyOf = (field: string, values: readonly string[]): string => `${field}:(${values.join(' OR ')})`;

/**
 * Cuts values into as few groups as fit one URL each, in order.
 * @param most values a group
 * @param room characters that a group's values may take in the URL, encoded, with their separators
 * @param separator what stands between two values, as written before encoding
 */
export function groupsThatFit(values: readonly string[], most: number, room: number, separator: string): string[][] {
  const gap = encodeURIComponent(separator).length;
  const groups: string[][] = [];
  let left = 0;
  for (const value of values) {
    const size = encodeURIComponent(value).length + gap;
    const open = groups.at(-1);
    if (open === undefined || open.length >= most || size > left) {
      groups.push([value]);
      left = room - size;
    } else {
      open.push(value);
      left -= size;
    }
  }
  return groups;
}
