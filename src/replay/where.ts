import { COLUMNS, type Column, OPERATORS } from './columns.ts';
import { type Token, tokensOf } from './tokens.ts';
import { agedMoment, type Hand, isRefused, refused, valueFor } from './values.ts';

/** A condition as the database takes it: `$1`, `$2` … in the text stand for the values. */
export type Compiled = { readonly text: string; readonly values: readonly unknown[] };

/** Brackets and `not` deeper than this are a mistake, and would be deep calls of our own. */
const DEEPEST = 20;

/**
 * Reads a condition on the columns of a track, for example `isrc is null and popularity >= 50`: comparisons joined by `and`, `or`,
 * `not` and brackets. Columns and operators are those of `COLUMNS` and `OPERATORS`; every value becomes a parameter.
 * @param now what ages (`older than 7d`) count from, milliseconds since the epoch
 * @returns the condition for `where`, over the view `tracks` as `t`, or what is wrong with it and how to mend it
 */
export function compileWhere(condition: string, now: number): Compiled | { readonly wrong: string } {
  const tokens = tokensOf(condition);
  if ('wrong' in tokens) return tokens;
  try {
    return parse(tokens, now);
  } catch (error) {
    if (isRefused(error)) return { wrong: error.message };
    throw error;
  }
}

function parse(tokens: readonly Token[], now: number): Compiled {
  const values: unknown[] = [];
  const cursor = cursorOn(tokens);
  const { skip, peek, take } = cursor;
  const place = (value: unknown): string => `$${values.push(value)}`;
  let depth = 0;

  const joined = (word: string, operand: () => string): string => {
    const parts = [operand()];
    while (skip(word)) parts.push(operand());
    return parts.length === 1 ? parts.join('') : `(${parts.join(` ${word} `)})`;
  };
  const either = (): string => joined('or', both);
  const both = (): string => joined('and', one);
  const one = (): string => {
    depth += 1;
    if (depth > DEEPEST) throw refused(`Brackets and "not" are nested deeper than ${DEEPEST}.`);
    // What is not known is not so, so that "not" gives all that the condition leaves out.
    const text = skip('not') ? `not coalesce(${one()}, false)` : bracketed();
    depth -= 1;
    return text;
  };
  const bracketed = (): string => {
    if (!skip('(')) return comparison();
    const text = either();
    if (!skip(')')) throw refused(`A closing bracket is missing ${placeOf(peek())}.`);
    return text;
  };
  const comparison = (): string => {
    const name = take('a column').text.toLowerCase();
    const column = columnOf(name);
    if (skip('is')) return nullness(column, cursor);
    return compared(column, operatorOf(name, column, cursor), { name, now, place, take, skip });
  };

  const text = either();
  const rest = peek();
  if (rest === undefined) return { text, values };
  throw refused(`"${rest.text}" ${placeOf(rest)} follows a whole condition; join conditions with and, or.`);
}

/** The tokens, one after the other. Words are compared without regard to case; texts are never words. */
function cursorOn(tokens: readonly Token[]) {
  let next = 0;
  const isWord = (ahead: number, word: string): boolean => {
    const token = tokens[next + ahead];
    return token !== undefined && token.kind !== 'text' && token.text.toLowerCase() === word;
  };
  return {
    peek: (): Token | undefined => tokens[next],
    /** Goes past the words if they are what comes next. */
    skip: (...words: readonly string[]): boolean => {
      if (!words.every((word, ahead) => isWord(ahead, word))) return false;
      next += words.length;
      return true;
    },
    take: (wanted: string): Token => {
      const token = tokens[next];
      if (token === undefined) throw refused(`The condition ends where ${wanted} should stand.`);
      next += 1;
      return token;
    },
  };
}

type Cursor = ReturnType<typeof cursorOn>;

const placeOf = (token: Token | undefined): string => (token === undefined ? 'at the end' : `at character ${token.at}`);

function columnOf(name: string): Column {
  const column = COLUMNS.get(name);
  if (column !== undefined) return column;
  const bare = (word: string): string => word.replaceAll('_', '');
  const meant = [...COLUMNS.keys()].find((known) => bare(known) === bare(name));
  throw refused(
    meant === undefined
      ? `There is no column "${name}". Columns: ${[...COLUMNS.keys()].join(', ')}.`
      : `There is no column "${name}"; it is called ${meant}.`,
  );
}

function operatorOf(name: string, { kind }: Column, { skip, peek }: Cursor): string {
  const own = OPERATORS[kind];
  const operator = own.find((words) => skip(...words.split(' ')));
  if (operator !== undefined) return operator;
  if (own.includes('!=') && skip('<>')) return '!=';
  const found = peek();
  const given = found === undefined ? 'the condition ends' : `here stands "${found.text}"`;
  const mend = found?.text.toLowerCase() === 'not' ? `; write "not" before the column` : '';
  throw refused(`${name} takes ${own.join(', ')} and is [not] null, and ${given}${mend}.`);
}

function nullness({ kind, sql }: Column, { skip }: Cursor): string {
  const isNot = skip('not');
  if (!skip('null')) throw refused('After "is" stands null or not null.');
  const text = kind === 'list' ? `cardinality(${sql}) = 0` : `${sql} is null`;
  return isNot ? `not (${text})` : text;
}

function compared(column: Column, operator: string, hand: Hand): string {
  const { sql } = column;
  if (operator === 'in') return `${sql} in (${listFor(column, hand).join(', ')})`;
  if (operator === 'contains') return `${valueFor(column, hand)} = any(${sql})`;
  if (operator === 'older than') return `${sql} < ${agedMoment(hand)}`;
  if (operator === 'newer than') return `${sql} >= ${agedMoment(hand)}`;
  const value = valueFor(column, hand);
  return operator === '!=' ? `${sql} is distinct from ${value}` : `${sql} ${operator} ${value}`;
}

function listFor(column: Column, hand: Hand): readonly string[] {
  if (!hand.skip('(')) throw refused(`After "in" stands a list in brackets: ${hand.name} in (…, …).`);
  const all = [valueFor(column, hand)];
  while (hand.skip(',')) all.push(valueFor(column, hand));
  if (!hand.skip(')')) throw refused(`The list of ${hand.name} is not closed by a bracket.`);
  return all;
}
