import { filled, isrcFact, rowOf } from '../cells.ts';
import { A_PLAYLIST_FILE, type PlaylistFile, type Row, skipRow } from '../playlist-file.ts';
import type { Cells, Table } from './csv-table.ts';

/** TuneMyMusic: several playlists in one file, and rows that are albums or artists with ids that look like tracks'. */

const COLUMNS = ['Track name', 'Artist name', 'Playlist name', 'Type'];
const NOT_TRACKS = ['Album', 'Artist'];
/** Local files carry 32 hexadecimal digits where an id should be. */
const LOCAL_ID = /^[0-9a-f]{32}$/i;

/** Reads a TuneMyMusic table, or returns `null` when it is none. */
export function readTuneMyMusic({ columns, each }: Table): readonly PlaylistFile[] | null {
  if (!COLUMNS.every((column) => columns.includes(column))) return null;
  const byPlaylist = new Map<string, Row[]>();
  each((cells) => {
    const name = cells['Playlist name'] ?? '';
    const rows = byPlaylist.get(name) ?? [];
    rows.push(rowOfCells(cells));
    byPlaylist.set(name, rows);
  });
  return [...byPlaylist].map(([name, rows]) => ({
    ...A_PLAYLIST_FILE,
    // Names of exports may end in a blank, which is no part of the name.
    name: filled(name.trim()),
    rows,
  }));
}

function rowOfCells(cells: Cells): Row {
  const name = filled(cells['Track name']);
  const type = cells['Type'] ?? '';
  const about = name ?? filled(cells['Artist name']) ?? 'unnamed';
  if (NOT_TRACKS.includes(type)) return skipRow('NOT_A_TRACK', `${type}: ${filled(cells['Album']) ?? about}`);
  const id = cells['Spotify - id'];
  if (LOCAL_ID.test(id ?? '')) return skipRow('LOCAL_FILE', about);
  const known = {
    name,
    // One cell, one element: this exporter gives no way to tell several artists from a comma in a name.
    artists: [filled(cells['Artist name'])].flatMap((artist) => artist ?? []),
    albumName: filled(cells['Album']),
    isrc: isrcFact(cells['ISRC']),
  };
  return rowOf(id, known, about);
}
