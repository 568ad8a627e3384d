import { trackIdOf } from '#track/identity.ts';
import { filled, isrcFact, rowOf } from '../cells.ts';
import { A_PLAYLIST_FILE, type PlaylistFile, skipRow } from '../playlist-file.ts';
import { type Cells, rowsOf, type Table } from './csv-table.ts';

/** A table of somebody's own: one column whose filled cells are all track ids, URIs or links, and perhaps names beside it. */

const NAMES = /^(track|title|song|track[ _]?name|name)$/i;
const ARTISTS = /^(artist|artists|artist[ _]?names?)$/i;
const TYPES = /^(type|kind)$/i;
const STRANGER = /^(album|artist|playlist|show|episode)s?$/i;

/** Reads any other table. Without an id column each row is rejected by name: nothing is guessed. */
export function readAnyCsv(table: Table): readonly PlaylistFile[] {
  const { columns } = table;
  const find = (pattern: RegExp) => columns.find((column) => pattern.test(column)) ?? '';
  const [id, name, artist, type] = [idColumnOf(table), find(NAMES), find(ARTISTS), find(TYPES)];
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
  return [{ ...A_PLAYLIST_FILE, rows: rowsOf(table, rowOfCells) }];
}

/** The first column that has filled cells, all of them ids. */
function idColumnOf({ columns, each }: Table): string {
  const filledOnes = new Set<string>();
  const others = new Set<string>();
  each((row) => {
    for (const column of columns) {
      const cell = filled(row[column]);
      if (cell === null || others.has(column)) continue;
      filledOnes.add(column);
      if (trackIdOf(cell) === null && !cell.trim().startsWith('spotify:')) others.add(column);
    }
  });
  return columns.find((column) => filledOnes.has(column) && !others.has(column)) ?? '';
}
