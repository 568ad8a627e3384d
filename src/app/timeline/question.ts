import { readWithdrawn } from '#adapters/postgres/reads/withdrawal.ts';
import type { Connections } from '#app/connect.ts';
import { inspect } from '#app/inspection.ts';
import type { Told } from '#app/told.ts';
import { withdrawnLines } from '#app/withdraw/words.ts';
import { pastLines } from './past-words.ts';
import { timelineLines } from './words.ts';

/** Of a withdrawn track that it is, and nothing else; `null` when it is not. */
export async function withdrawnQuestion(trackId: string, { pool }: Connections): Promise<Told | null> {
  const withdrawn = await readWithdrawn(pool, trackId);
  return withdrawn === null ? null : { json: { trackId, withdrawn }, lines: () => withdrawnLines(withdrawn) };
}

/**
 * A track's timeline; the same answer as `GET /v1/tracks/{id}/timeline`.
 * @param most records to look at before it stops
 * @returns `null` when neither the log nor the read model knows the track
 */
export async function trackQuestion(trackId: string, most: number, connections: Connections): Promise<Told | null> {
  const inspection = inspect(connections, { most });
  try {
    const json = await inspection.readTimeline(trackId);
    return json === null ? null : { json, lines: (coloured) => timelineLines(json, coloured) };
  } finally {
    await inspection.close();
  }
}

/**
 * A track as it was; the same answer as `GET /v1/tracks/{id}?at=`.
 * @param at milliseconds since the epoch, by the broker's clock
 * @returns `null` when nothing of the track stood in the log by then, and a sentence when the log is longer than `most`
 */
export async function pastQuestion(
  trackId: string,
  { at, most }: { readonly at: number; readonly most: number },
  connections: Connections,
): Promise<Told | { readonly wrong: string } | null> {
  const inspection = inspect(connections, { most });
  try {
    const found = await inspection.readTrackAt(trackId, at);
    if (found === null) return null;
    if (found.kind === 'too long')
      return { wrong: `More than ${found.looked} records would have to be read: raise --most.` };
    return { json: found.track, lines: (coloured) => pastLines(found.track, at, coloured) };
  } finally {
    await inspection.close();
  }
}
