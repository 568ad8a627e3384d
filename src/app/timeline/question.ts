import type { Connections } from '#app/connect.ts';
import { inspect } from '#app/inspection.ts';
import type { Told } from '#app/told.ts';
import { timelineLines } from './words.ts';

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
