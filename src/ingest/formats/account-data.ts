import { z } from 'zod';
import { filled, rowOf } from '../cells.ts';
import { A_PLAYLIST_FILE, type PlaylistFile, type Row, skipRow } from '../playlist-file.ts';

/** The playlists file of Spotify's account data download: several playlists, each with items of four kinds. */

const item = z.object({
  track: z
    .object({
      trackName: z.string().nullish(),
      artistName: z.string().nullish(),
      albumName: z.string().nullish(),
      trackUri: z.string().nullish(),
    })
    .nullish(),
  episode: z.looseObject({ episodeName: z.string().nullish() }).nullish(),
  audiobook: z.looseObject({}).nullish(),
  localTrack: z.object({ uri: z.string().nullish() }).nullish(),
});

const document = z.object({ playlists: z.array(z.object({ name: z.string(), items: z.array(item) })) });

/** Reads account data, or returns `null` when the document is none. */
export function readAccountData(given: unknown): readonly PlaylistFile[] | null {
  const read = document.safeParse(given);
  if (!read.success) return null;
  return read.data.playlists.map(({ name, items }) => ({ ...A_PLAYLIST_FILE, name, rows: items.map(rowOfItem) }));
}

function rowOfItem({ track, episode, audiobook, localTrack }: z.infer<typeof item>): Row {
  if (track) {
    const known = {
      name: filled(track.trackName),
      artists: [filled(track.artistName)].flatMap((artist) => artist ?? []),
      albumName: filled(track.albumName),
    };
    return rowOf(track.trackUri, known, track.trackName ?? 'unnamed');
  }
  if (episode) return skipRow('EPISODE', episode.episodeName ?? 'episode');
  if (audiobook) return skipRow('AUDIOBOOK', 'audiobook');
  if (localTrack) return skipRow('LOCAL_FILE', localTrack.uri ?? 'local file');
  return skipRow('NULL_TRACK', 'null');
}
