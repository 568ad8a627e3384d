import { filled, flagOf, fractionOf, isrcFact, releaseDateOf, rowOf, wholeOf } from '../cells.ts';
import { A_PLAYLIST_FILE, type Known, type PlaylistFile } from '../playlist-file.ts';
import { type Cells, rowsOf, type Table } from './csv-table.ts';

/** Exportify in its generations: they differ in the id column, in how artists are joined, and in what else they know. */

const ID_COLUMNS = ['Track URI', 'Track ID', 'Spotify ID'];

/** Reads an Exportify table, or returns `null` when it is none. */
export function readExportify(table: Table): readonly PlaylistFile[] | null {
  const { columns } = table;
  const idColumn = columns.find((column) => ID_COLUMNS.includes(column));
  if (idColumn === undefined || !columns.includes('Artist Name(s)') || !columns.includes('Track Name')) return null;
  const split = artistSplitter(table);
  return [
    {
      ...A_PLAYLIST_FILE,
      rows: rowsOf(table, (cells) =>
        rowOf(cells[idColumn], knownOf(cells, split), filled(cells['Track Name']) ?? 'unnamed'),
      ),
    },
  ];
}

type Splitter = (joined: string) => string[];

/**
 * How this generation joins artists. With artist URIs beside (watsonbox) it is ", " and a comma inside a name is "\,"; the other
 * line joins by ";" or, in some releases, by "," without a blank, so that a comma with a blank belongs to a name.
 */
function artistSplitter({ columns, each }: Table): Splitter {
  if (columns.includes('Artist URI(s)') || columns.includes('Artist IDs'))
    return (joined) => joined.split(/(?<!\\), /).map((name) => name.replaceAll('\\,', ','));
  let bySemicolon = false;
  each((cells) => {
    bySemicolon ||= cells['Artist Name(s)']?.includes(';') === true;
  });
  return (joined) => joined.split(bySemicolon ? /;/ : /,(?!\s)/);
}

const knownOf = (cells: Cells, split: Splitter): Partial<Known> => ({
  name: filled(cells['Track Name']),
  artists: split(cells['Artist Name(s)'] ?? '').filter((name) => name.trim() !== ''),
  isrc: isrcFact(cells['ISRC']),
  label: filled(cells['Record Label']),
  releaseDate: releaseDateOf(cells['Album Release Date'] ?? cells['Release Date']),
  albumName: filled(cells['Album Name']),
  durationMs: wholeOf(cells['Track Duration (ms)'] ?? cells['Duration (ms)']) || null,
  explicit: flagOf(cells['Explicit']),
  popularity: wholeOf(cells['Popularity']),
  audioFeatures: featuresOf(cells),
});

/** Twelve values or none: a part is written whole. */
function featuresOf(cells: Cells): Known['audioFeatures'] {
  const fractions = {
    acousticness: fractionOf(cells['Acousticness']),
    danceability: fractionOf(cells['Danceability']),
    energy: fractionOf(cells['Energy']),
    instrumentalness: fractionOf(cells['Instrumentalness']),
    liveness: fractionOf(cells['Liveness']),
    speechiness: fractionOf(cells['Speechiness']),
    valence: fractionOf(cells['Valence']),
    loudness: fractionOf(cells['Loudness']),
    tempo: fractionOf(cells['Tempo']),
    key: wholeOf(cells['Key']),
    mode: wholeOf(cells['Mode']),
    timeSignature: wholeOf(cells['Time Signature']),
  };
  return Object.values(fractions).includes(null) ? null : (fractions as NonNullable<Known['audioFeatures']>);
}
