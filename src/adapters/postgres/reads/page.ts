import type { Keyset, Page } from '#feed/page.ts';

const encoded = ({ at, id }: Keyset): string => Buffer.from(JSON.stringify([at, id])).toString('base64url');

/** One row more than the limit was asked for: if it came, there is a next page. */
export function pageOf<Item>(rows: readonly Item[], limit: number, keyOf: (item: Item) => Keyset): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? encoded(keyOf(last)) : null };
}

/** Collects the conditions of a query and their parameters. `?` in a condition stands for its value. */
export function conditions() {
  const values: unknown[] = [];
  const clauses: string[] = [];
  const place = (value: unknown): string => `$${values.push(value)}`;
  return {
    values,
    /** The number of a further parameter, as it stands in the text. */
    place,
    /** Adds a condition unless the value is absent. */
    where<Value>(value: Value | null, clause: string): void {
      if (value !== null) clauses.push(clause.replaceAll('?', place(value)));
    },
    /** Adds a condition whose parameters have their places already. */
    whereThat(clause: string): void {
      clauses.push(clause);
    },
    /** Newest first, from a place in the list on. */
    whereAfter(after: Keyset | null, at: string, id: string): void {
      if (after === null) return;
      const [moment, key] = [place(after.at), place(after.id)];
      clauses.push(`(${at} < ${moment}::timestamptz or (${at} = ${moment}::timestamptz and ${id} > ${key}))`);
    },
    text: (): string => (clauses.length === 0 ? '' : `where ${clauses.join(' and ')}`),
  };
}
