import { z } from 'zod';
import { filled, isrcFact, releaseDateOf, rowOf } from '../cells.ts';
import { A_PLAYLIST_FILE, type PlaylistFile } from '../playlist-file.ts';

/** spotDL's saved songs: an array of flat objects. Its `isrc` is '' when it has none. */
const songs = z
  .array(
    z.object({
      song_id: z.string().nullish(),
      url: z.string().nullish(),
      name: z.string().nullish(),
      artists: z.array(z.string()).nullish(),
      isrc: z.string().nullish(),
      album_id: z.string().nullish(),
      album_name: z.string().nullish(),
      date: z.string().nullish(),
      explicit: z.boolean().nullish(),
      popularity: z.int().nullish(),
      list_name: z.string().nullish(),
      list_url: z.string().nullish(),
    }),
  )
  .min(1)
  .refine((list) => list.every((song) => 'song_id' in song || 'url' in song), 'no song_id and no url');

/** Reads a spotDL file, or returns `null` when the document is none. */
export function readSpotdl(document: unknown): readonly PlaylistFile[] | null {
  const read = songs.safeParse(document);
  if (!read.success) return null;
  const [first] = read.data;
  const rows = read.data.map((song) =>
    rowOf(
      filled(song.song_id) ?? song.url,
      {
        name: filled(song.name),
        artists: (song.artists ?? []).filter((artist) => artist !== ''),
        isrc: isrcFact(song.isrc),
        albumId: filled(song.album_id),
        albumName: filled(song.album_name),
        releaseDate: releaseDateOf(song.date),
        explicit: song.explicit ?? null,
        popularity: song.popularity ?? null,
      },
      song.name ?? 'unnamed',
    ),
  );
  return [{ ...A_PLAYLIST_FILE, name: filled(first?.list_name), url: filled(first?.list_url), rows }];
}
