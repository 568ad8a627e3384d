import { readAccountData } from './formats/account-data.ts';
import { readAnyCsv } from './formats/any-csv.ts';
import { readTable } from './formats/csv-table.ts';
import { readExportify } from './formats/exportify.ts';
import { readLinernotes } from './formats/linernotes.ts';
import { readSpotdl } from './formats/spotdl.ts';
import { readText } from './formats/text.ts';
import { readTuneMyMusic } from './formats/tunemymusic.ts';
import { readWebApi } from './formats/web-api.ts';
import type { PlaylistFile } from './playlist-file.ts';

/** Why a file could not be read at all, in a sentence that names the mend. */
export type Unreadable = { readonly unreadable: string };

export type ReadFile = { readonly format: string; readonly playlists: readonly PlaylistFile[] } | Unreadable;

const JSON_FORMATS = [
  ['Spotify Web API', readWebApi],
  ['Spotify account data', readAccountData],
  ['spotDL', readSpotdl],
] as const;

const CSV_FORMATS = [
  ['Exportify', readExportify],
  ['TuneMyMusic', readTuneMyMusic],
] as const;

/**
 * Reads a playlist file of any known format, told by its content, never by its name.
 * @param bytes the file: UTF-8, or UTF-16 with a byte order mark
 */
export function readPlaylistFile(bytes: Uint8Array): ReadFile {
  const text = decoded(bytes);
  const start = text.trimStart()[0];
  if (start === undefined) return { unreadable: 'The file is empty.' };
  return start === '{' || start === '[' ? readJson(text) : readLines(text);
}

function decoded(bytes: Uint8Array): string {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  return new TextDecoder(utf16 ?? 'utf-8').decode(bytes);
}

function readJson(text: string): ReadFile {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    // A Markdown link list may begin with "[": only text without a single track link is broken JSON.
    const asText = readLines(text);
    const found =
      'playlists' in asText && asText.playlists.some(({ rows }) => rows.some(({ kind }) => kind === 'track'));
    return found ? asText : { unreadable: `The file begins like JSON but is none: ${(error as Error).message}.` };
  }
  const ours = readLinernotes(document);
  if (ours !== null)
    return 'misfit' in ours
      ? { unreadable: `The file names the format linernotes.playlist/1 but does not fit it:\n${ours.misfit}` }
      : { format: 'linernotes', playlists: ours };
  for (const [format, read] of JSON_FORMATS) {
    const playlists = read(document);
    if (playlists !== null) return { format, playlists };
  }
  return {
    unreadable:
      'The JSON is no playlist that is known: expected linernotes.playlist/1, a Spotify Web API playlist or page, Spotify account data, or spotDL songs.',
  };
}

function readLines(text: string): ReadFile {
  const table = readTable(text);
  if (table === null) return { format: 'text', playlists: readText(text) };
  for (const [format, read] of CSV_FORMATS) {
    const playlists = read(table);
    if (playlists !== null) return { format, playlists };
  }
  return looksLikeTable(table.columns)
    ? { format: 'CSV', playlists: readAnyCsv(table) }
    : { format: 'text', playlists: readText(text) };
}

/** Prose has commas too; a table's header is short words, none of them a link. */
const looksLikeTable = (columns: readonly string[]): boolean =>
  columns.every((column) => column.length <= 40 && !column.includes('spotify') && !/[.!?]\s/.test(column));
