import { nameKey } from './names.ts';
import type { Sources } from './sources.ts';
import type { Disagreement } from './summary.ts';

/** Measurements differ from day to day, and what each phase alone knows has nobody to disagree with. */
const COMPARED = [
  'isrc',
  'name',
  'artists',
  'label',
  'releaseDate',
  'albumName',
  'explicit',
  'writers',
  'iswc',
] as const;

type Compared = { readonly [Field in (typeof COMPARED)[number]]: Sources<unknown> };

const isText = (value: unknown): value is string => typeof value === 'string';

/** A value for people: dates as far as they are known, several values one after the other. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('; ');
  if (typeof value === 'object' && value !== null && 'value' in value) return String(value.value);
  return String(value);
}

/** The same whatever the case, the order of people, or how precisely a date is known. */
function agrees(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    const [some, others] = [one, other].map((names) => new Set(names.filter(isText).map(nameKey)));
    return some !== undefined && others !== undefined && some.symmetricDifference(others).size === 0;
  }
  const [a, b] = [nameKey(textOf(one)), nameKey(textOf(other))];
  const isDate = typeof one === 'object';
  return a === b || (isDate && (a.startsWith(b) || b.startsWith(a)));
}

/** What sources other than the one that was taken say otherwise, field by field in the order of trust. */
export const disagreementsOf = (sources: Compared): readonly Disagreement[] =>
  COMPARED.flatMap((field) => {
    const [taken, ...others] = sources[field].filter((candidate) => candidate !== null);
    return others
      .filter(({ value }) => taken !== undefined && !agrees(taken.value, value))
      .map(({ value, source, at }) => ({ field, value: textOf(value), source, at }));
  });
