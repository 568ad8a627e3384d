import type { z } from 'zod';
import { momentOf } from '#app/moment.ts';
import { trackIdOf } from '#track/identity.ts';

/**
 * Reads a selection of letters as people type it: a track by id or link, a moment by date or age, open ones unless told.
 * @returns the query, or what is wrong with it
 */
export function selectionOf<Query>(
  shape: z.ZodType<Query>,
  options: Readonly<Record<string, string>>,
  now: number,
): { readonly query: Query } | { readonly wrong: string } {
  const { state = 'open', since, until, track, ...rest } = options;
  const given = {
    ...rest,
    ...(state === 'all' ? {} : { state }),
    ...(since === undefined ? {} : { since: momentOf(since, now) }),
    ...(until === undefined ? {} : { until: momentOf(until, now) }),
    ...(track === undefined ? {} : { track: trackIdOf(track) ?? track }),
  };
  const read = shape.safeParse(given);
  if (read.success) return { query: read.data };
  const [issue] = read.error.issues;
  return { wrong: `--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}` };
}
