import type { Column, ColumnKind } from './columns.ts';
import type { Token } from './tokens.ts';

/** A condition that cannot be read, as its parser throws it to itself; `compileWhere` turns it into a value. */
const REFUSED = 'ConditionRefused';

export const refused = (message: string): Error => Object.assign(new Error(message), { name: REFUSED });
export const isRefused = (error: unknown): error is Error => error instanceof Error && error.name === REFUSED;

/** The parser, as far as the right side of a comparison needs it. */
export type Hand = {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Makes a value a parameter; returns what stands for it. */
  readonly place: (value: unknown) => string;
  readonly take: (wanted: string) => Token;
  readonly skip: (...words: readonly string[]) => boolean;
};

type Read = { readonly value: unknown; readonly type: string };

const momentIn = (text: string): Read | null => {
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? null : { value: moment.toISOString(), type: 'timestamptz' };
};

/** What each kind of column takes, in words and as a parameter; nothing is guessed from a value of another kind. */
const KINDS: Readonly<Record<ColumnKind, { readonly wanted: string; readonly read: (token: Token) => Read | null }>> = {
  text: {
    wanted: 'a text in single quotes',
    read: ({ kind, text }) => (kind === 'text' ? { value: text, type: 'text' } : null),
  },
  list: {
    wanted: 'a text in single quotes',
    read: ({ kind, text }) => (kind === 'text' ? { value: text, type: 'text' } : null),
  },
  number: {
    wanted: 'a number',
    read: ({ kind, text }) => (kind === 'number' ? { value: text, type: 'numeric' } : null),
  },
  flag: {
    wanted: 'true or false',
    read: ({ kind, text }) =>
      kind === 'word' && /^(?:true|false)$/i.test(text)
        ? { value: text.toLowerCase() === 'true', type: 'boolean' }
        : null,
  },
  moment: {
    wanted: "a moment in single quotes such as '2026-01-31T00:00Z'",
    read: ({ kind, text }) => (kind === 'text' ? momentIn(text) : null),
  },
};

const shown = ({ kind, text }: Token): string => (kind === 'text' ? `'${text}'` : `"${text}"`);

/** Reads one value for a column and makes it a parameter. */
export function valueFor({ kind }: Column, { name, take, place }: Hand): string {
  const { wanted, read } = KINDS[kind];
  const token = take(`a value for ${name}`);
  const value = read(token);
  if (value === null) throw refused(`${name} takes ${wanted}, and here stands ${shown(token)}.`);
  return `${place(value.value)}::${value.type}`;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of an age such as `90m`, `24h` or `7d`; `null` when it is none. */
export function ageMs(text: string): number | null {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS[unit];
  return count === undefined || unitMs === undefined ? null : Number(count) * unitMs;
}

/** Reads an age and makes the moment so long before now a parameter. */
export function agedMoment({ name, now, place, take }: Hand): string {
  const { text } = take('an age such as 7d');
  const age = ageMs(text);
  if (age === null) throw refused(`${name} takes an age such as 90m, 24h or 7d, and here stands "${text}".`);
  return `${place(new Date(now - age).toISOString())}::timestamptz`;
}
