import type { Pool } from 'pg';
import { looking } from './looking.ts';

/** Whether there is a new one shows in their number: none is ever taken back, and they become visible in no certain order. */
const ALL = `
  select array_agg(track_id) as "trackIds" from linernotes.withdrawn having count(*) <> $1`;

const OF = 'select track_id as "trackId" from linernotes.withdrawn where track_id = any($1::text[])';

const NOTE = `
  insert into linernotes.withdrawn (track_id, by, at, reason) values ($1, $2, to_timestamp($3::float8 / 1000), $4)
  on conflict do nothing`;

/** A withdrawal that stands in the log already. `at` in milliseconds since the epoch. */
export type Noted = {
  readonly trackId: string;
  readonly by: string;
  readonly at: number;
  readonly reason: string | null;
};

/** Lets everybody heed a withdrawal before the projector comes to it. */
export async function noteWithdrawn(pool: Pool, { trackId, by, at, reason }: Noted): Promise<void> {
  await pool.query(NOTE, [trackId, by, at, reason]);
}

/** Those of the tracks that are withdrawn. */
export async function withdrawnAmong(pool: Pool, trackIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (trackIds.length === 0) return new Set();
  const { rows } = await pool.query<{ trackId: string }>(OF, [trackIds]);
  return new Set(rows.map(({ trackId }) => trackId));
}

/**
 * Follows which tracks are withdrawn.
 * @param withdrawn told of each such track, once
 * @returns when all that are known now were told; `close` ends it
 * @throws when the database cannot be reached at the beginning; later it is looked again
 */
export function followWithdrawn(pool: Pool, withdrawn: (trackId: string) => void): Promise<{ close(): Promise<void> }> {
  const told = new Set<string>();

  const look = async (): Promise<void> => {
    const { rows } = await pool.query<{ trackIds: readonly string[] }>(ALL, [told.size]);
    for (const trackId of rows[0]?.trackIds ?? []) {
      if (told.has(trackId)) continue;
      told.add(trackId);
      withdrawn(trackId);
    }
  };

  return looking(look);
}
