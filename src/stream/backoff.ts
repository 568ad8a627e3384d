/**
 * How long to wait before the next attempt in place: exponential with full jitter, and never less than the provider asked for.
 * @param attempts how often it was tried, from 1
 * @param askedMs the provider's own wish in milliseconds, or `null`
 * @param random at least 0, below 1
 */
export function backoffMs(
  { baseMs, maxMs }: { readonly baseMs: number; readonly maxMs: number },
  attempts: number,
  askedMs: number | null,
  random: number,
): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** (attempts - 1));
  return Math.max(askedMs ?? 0, Math.round(random * ceiling));
}
