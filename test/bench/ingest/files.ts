import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded, someTrackIds } from '#test/support/random.ts';

const EXPORTIFY =
  'Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit,ISRC,Record Label,' +
  'Danceability,Energy,Key,Loudness,Mode,Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature';

const isrcOf = (row: number): string => `QZABC26${String(row).padStart(5, '0').slice(-5)}`;

const asCsv = (ids: readonly string[]): string =>
  [
    EXPORTIFY,
    ...ids.map(
      (id, row) =>
        `spotify:track:${id},"Song, no. ${row}",Album ${row % 9_000},Artist ${row % 1_000};Other ${row % 77},2024-01-02,` +
        `${200_000 + row},${row % 100},false,${isrcOf(row)},Label ${row % 500},0.5,0.6,1,-5.1,1,0.04,0.1,0.0,0.1,0.5,120.1,4`,
    ),
  ].join('\n');

const asJson = (ids: readonly string[]): string =>
  JSON.stringify({
    format: 'linernotes.playlist/1',
    playlist: { id: `bench-${ids.length}`, name: 'Bench' },
    fetchMethod: 'import',
    tracks: ids.map((track, row) => ({
      track,
      name: `Song no. ${row}`,
      artists: [`Artist ${row % 1_000}`, `Other ${row % 77}`],
      isrc: isrcOf(row),
      label: `Label ${row % 500}`,
      releaseDate: { value: '2024-01-02', precision: 'day' },
      popularity: row % 100,
    })),
  });

const FORMATS = { csv: asCsv, json: asJson };

/** Writes a playlist of so many tracks in a format; returns its path. */
export function playlistOf(rows: number, format: keyof typeof FORMATS, folder: string): string {
  const path = join(folder, `${rows}.${format}`);
  writeFileSync(path, FORMATS[format](someTrackIds(rows, seeded(rows))));
  return path;
}
