import { TRACK_ID } from '#track/identity.ts';
import { rowOf } from '../cells.ts';
import { A_PLAYLIST_FILE, type PlaylistFile, type Row, rejectRow } from '../playlist-file.ts';

/** Lists of URIs or links, and links in any text, Markdown or HTML. */

const LINK =
  /https?:\/\/open\.spotify\.com\/(?:intl-[a-z-]+\/|embed\/)?track\/[0-9A-Za-z]+|spotify:track:[0-9A-Za-z]+/g;
const COMMENT = /^(#|\/\/|;)/;
const LISTED = /^(spotify:|https?:\/\/open\.spotify\.com\/)\S*$/;

const isEntry = (line: string): boolean => LISTED.test(line) || TRACK_ID.test(line);

/**
 * Reads text. When most lines are ids, URIs or links it is a list, where a line that is none is rejected by name; otherwise only
 * the links count. Text without any link is names alone: each line is rejected, nothing is guessed.
 */
export function readText(text: string): readonly PlaylistFile[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !COMMENT.test(line));
  return [{ ...A_PLAYLIST_FILE, rows: rowsOf(text, lines) }];
}

function rowsOf(text: string, lines: readonly string[]): readonly Row[] {
  const entries = lines.filter(isEntry).length;
  if (entries * 2 > lines.length)
    return lines.map((line) => (isEntry(line) ? rowOf(line, {}, line) : rejectRow('BAD_TRACK_ID', line)));
  const links = text.match(LINK) ?? [];
  if (links.length > 0) return links.map((link) => rowOf(link, {}, link));
  return lines.map((line) => rejectRow('NO_TRACK_ID', line));
}
