/** One field of a query with the values it may have. */
export type Clause = { field: string; values: readonly string[] };

const clause = /([a-z]+):(?:\(([^)]*)\)|"((?:[^"\\]|\\.)*)"|(\S+))/g;

/**
 * Reads the part of Lucene's language that our questions need: `field:(A OR B)`, `field:"a b"`, `field:a`, joined by
 * `AND` or `OR`. Clauses of one field are one clause with all their values. Empty: nothing of it could be read.
 */
export function readQuery(query: string): readonly Clause[] {
  const fields = new Map<string, string[]>();
  for (const [, field = '', group, quoted, bare] of query.matchAll(clause)) {
    const values = group === undefined ? [quoted ?? bare ?? ''] : group.split(/\s+OR\s+/);
    fields.set(field, [...(fields.get(field) ?? []), ...values.map(plain).filter((value) => value !== '')]);
  }
  return [...fields].map(([field, values]) => ({ field, values }));
}

/** The values of a field in the query; empty when it does not stand in it. */
export function valuesOf(clauses: readonly Clause[], field: string): readonly string[] {
  return clauses.find((one) => one.field === field)?.values ?? [];
}

const plain = (value: string): string =>
  value
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .replace(/\\(.)/g, '$1');
