import type { ReleaseDate } from '#track/facts.ts';
import { isrcOf, trackIdOf } from '#track/identity.ts';
import { type Known, type Row, rejectRow, skipRow, trackRow } from './playlist-file.ts';

/** Text as a fact: blank is absent. */
export const filled = (text: string | null | undefined): string | null => (text?.trim() ? text : null);

/** A whole number as a fact: text that is no such number is absent. */
export function wholeOf(text: string | null | undefined): number | null {
  const number = Number(filled(text) ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : null;
}

export function fractionOf(text: string | null | undefined): number | null {
  const number = Number(filled(text) ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** `true` and `false` in any case; all else is absent. */
export function flagOf(text: string | null | undefined): boolean | null {
  const word = text?.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}

const PRECISION = { 4: 'year', 7: 'month', 10: 'day' } as const;

/** YYYY, YYYY-MM or YYYY-MM-DD; `0000`, which exports write for dead tracks, is absent. */
export function releaseDateOf(text: string | null | undefined): ReleaseDate | null {
  const value = text?.trim() ?? '';
  if (!/^\d{4}(-\d{2}(-\d{2})?)?$/.test(value) || value.startsWith('0000')) return null;
  const precision = PRECISION[value.length as keyof typeof PRECISION];
  return { value, precision };
}

export const isrcFact = (text: string | null | undefined): string | null => isrcOf(text ?? '');

const STRANGERS: Readonly<Record<string, Row>> = {
  local: skipRow('LOCAL_FILE', ''),
  episode: skipRow('EPISODE', ''),
  album: skipRow('NOT_A_TRACK', ''),
  artist: skipRow('NOT_A_TRACK', ''),
  playlist: skipRow('NOT_A_TRACK', ''),
  show: skipRow('NOT_A_TRACK', ''),
};

const KIND = /^(?:spotify:|https?:\/\/open\.spotify\.com\/(?:intl-[a-z-]+\/)?)([a-z]+)[:/]/;

/**
 * The row for what stands where the track should: a track id, URI or link; a stranger such as an episode; or nothing usable.
 * @param given the cell
 * @param known what the rest of the row says
 * @param about what names the row to a person when the cell is empty
 */
export function rowOf(given: string | null | undefined, known: Partial<Known>, about: string): Row {
  const cell = given?.trim() ?? '';
  const trackId = trackIdOf(cell);
  if (trackId !== null) return trackRow(trackId, known);
  const stranger = STRANGERS[KIND.exec(cell)?.[1] ?? ''];
  if (stranger !== undefined) return { ...stranger, value: cell } as Row;
  if (cell !== '') return rejectRow('BAD_TRACK_ID', cell);
  return rejectRow('NO_TRACK_ID', known.isrc ? `${about} (ISRC ${known.isrc})` : about);
}
