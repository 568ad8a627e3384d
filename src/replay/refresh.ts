import type { PhaseName } from '#track/phase.ts';
import type { ReplayRequest } from './request.ts';
import { ageMs } from './values.ts';

/** The parts that move, each with the phase that measures it and the column that says when it did. */
const MOVING = [
  { phase: 'spotify', column: 'popularity_at' },
  { phase: 'credits', column: 'streams_at' },
  { phase: 'analytics', column: 'statistics_at' },
] as const satisfies readonly { phase: PhaseName; column: string }[];

/** Moving parts count as fresh for a day: what is younger would be known again, and nothing measured. */
const YOUNGEST_MS = 86_400_000;

export const REFRESH_OLDER_THAN = '7d';

/**
 * The replay that measures moving parts again: tracks that have such a part which is older. A part that was never there is no
 * measurement to renew.
 * @param olderThan an age such as `7d`, at least a day
 * @param playlist narrows to the current snapshot of a playlist; `null`: all tracks
 * @param measured the phases that are on: others would measure nothing
 * @returns the request, or what is wrong
 */
export function refreshRequest(
  olderThan: string,
  playlist: string | null,
  measured: readonly PhaseName[],
): ReplayRequest | { readonly wrong: string } {
  const age = ageMs(olderThan);
  if (age === null) return { wrong: `"${olderThan}" is no age such as 7d or 36h.` };
  if (age < YOUNGEST_MS)
    return {
      wrong: `Measurements count as fresh for a day: nothing younger than 1d is measured again, and "${olderThan}" is.`,
    };
  const parts = MOVING.filter(({ phase }) => measured.includes(phase));
  if (parts.length === 0) return { wrong: 'None of spotify, credits and analytics is on: nobody measures anything.' };
  const older = parts.map(({ column }) => `${column} older than ${olderThan}`).join(' or ');
  const inPlaylist = playlist === null ? '' : ` and playlists contains '${playlist.replaceAll("'", "''")}'`;
  return { where: `(${older})${inPlaylist}` };
}
