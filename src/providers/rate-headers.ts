/**
 * Reads `X-RateLimit-Limit` of a provider that counts in windows of a second.
 * @returns calls a second, or `null` when the header is absent or no such number (Chartmetric writes `false`)
 */
export function perSecondOf(header: string | undefined): number | null {
  const calls = Number(header?.trim() || Number.NaN);
  return Number.isSafeInteger(calls) && calls > 0 ? calls : null;
}

/**
 * Reads `X-RateLimit-Reset`, a moment in unix seconds.
 * @returns milliseconds until then, or `null` when the header is absent or no number (Chartmetric writes `false`)
 */
export function msUntilReset(header: string | undefined, now: number): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000 - now) : null;
}
