const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A moment as people type it: `90m`, `24h`, `7d` before now as ISO text; anything else as it is.
 * @param now milliseconds since the epoch
 */
export function momentOf(text: string, now: number): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return count === undefined || unit === undefined
    ? text
    : new Date(now - Number(count) * (UNITS[unit] ?? 0)).toISOString();
}
