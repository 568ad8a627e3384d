/**
 * Text that a database can keep: Postgres has no NUL, anywhere. A NUL becomes the replacement character, here and before anything
 * is merged, so that a row and the fold of its events stay equal. The log keeps the original.
 */
export function storable<Value>(value: Value): Value {
  if (typeof value === 'string') return (value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value) as Value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(storable) as Value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, storable(inner)])) as Value;
}
