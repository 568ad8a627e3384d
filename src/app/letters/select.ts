import type { z } from 'zod';
import { trackIdOf } from '#track/identity.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `24h`, `7d` before now as ISO text; anything else as it is. */
function momentOf(text: string, now: number): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return count === undefined || unit === undefined
    ? text
    : new Date(now - Number(count) * (UNITS[unit] ?? 0)).toISOString();
}

/**
 * Reads a selection of letters as people type it: a track by id or link, a moment by date or age, open ones unless told.
 * @returns the query, or what is wrong with it
 */
export function selectionOf<Query>(
  shape: z.ZodType<Query>,
  options: Readonly<Record<string, string>>,
  now: number,
): { readonly query: Query } | { readonly wrong: string } {
  const { state = 'open', since, track, ...rest } = options;
  const given = {
    ...rest,
    ...(state === 'all' ? {} : { state }),
    ...(since === undefined ? {} : { since: momentOf(since, now) }),
    ...(track === undefined ? {} : { track: trackIdOf(track) ?? track }),
  };
  const read = shape.safeParse(given);
  if (read.success) return { query: read.data };
  const [issue] = read.error.issues;
  return { wrong: `--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}` };
}
