/**
 * Text that a database can keep: Postgres has no NUL, anywhere. A NUL becomes the replacement character, here and before anything
 * is merged, so that a row and the fold of its events stay equal. The log keeps the original.
 */
export const storable = <Value>(value: Value): Value => (hasNul(value) ? mended(value) : value);

function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  return value !== null && typeof value === 'object' && Object.values(value).some(hasNul);
}

function mended<Value>(value: Value): Value {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD') as Value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(mended) as Value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mended(inner)])) as Value;
}
