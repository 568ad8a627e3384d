import { trackIdOf } from '#track/identity.ts';
import { filled, isrcFact, rowOf } from '../cells.ts';
import { A_PLAYLIST_FILE, type PlaylistFile, skipRow } from '../playlist-file.ts';
import type { Table } from './csv-table.ts';

/** A table of somebody's own: one column whose filled cells are all track ids, URIs or links, and perhaps names beside it. */

const NAMES = /^(track|title|song|track[ _]?name|name)$/i;
const ARTISTS = /^(artist|artists|artist[ _]?names?)$/i;
const TYPES = /^(type|kind)$/i;
const STRANGER = /^(album|artist|playlist|show|episode)s?$/i;

type Cells = Readonly<Record<string, string>>;

/** Reads any other table. Without an id column each row is rejected by name: nothing is guessed. */
export function readAnyCsv({ columns, rows }: Table): readonly PlaylistFile[] {
  const find = (pattern: RegExp) => columns.find((column) => pattern.test(column)) ?? '';
  const [id, name, artist, type] = [idColumnOf(columns, rows), find(NAMES), find(ARTISTS), find(TYPES)];
  const rowOfCells = (cells: Cells) => {
    const about = [cells[artist], cells[name]].flatMap((text) => filled(text) ?? []).join(' - ') || 'unnamed';
    if (STRANGER.test(cells[type]?.trim() ?? '')) return skipRow('NOT_A_TRACK', `${cells[type]}: ${about}`);
    const known = {
      name: filled(cells[name]),
      artists: [filled(cells[artist])].flatMap((text) => text ?? []),
      isrc: isrcFact(columns.map((column) => cells[column]).find((cell) => isrcFact(cell) !== null)),
    };
    return rowOf(cells[id], known, about);
  };
  return [{ ...A_PLAYLIST_FILE, rows: rows.map(rowOfCells) }];
}

function idColumnOf(columns: readonly string[], rows: readonly Cells[]): string {
  const holdsIds = (column: string) => {
    const cells = rows.flatMap((row) => filled(row[column]) ?? []);
    return cells.length > 0 && cells.every((cell) => trackIdOf(cell) !== null || cell.trim().startsWith('spotify:'));
  };
  return columns.find(holdsIds) ?? '';
}
