import { z } from 'zod';
import { audioFeatures, releaseDate } from '#track/facts.ts';
import { fetchMethod, playlist as playlistShape } from '#track/raw.ts';
import { isrcFact, rowOf } from '../cells.ts';
import { A_PLAYLIST_FILE, type PlaylistFile } from '../playlist-file.ts';

/** Our own format: what a scraper that knows us sends. `schemas/playlist.schema.json` is generated from this. */
export const playlistDocument = z
  .object({
    format: z.literal('linernotes.playlist/1').describe('Names this format.'),
    playlist: z
      .object({
        id: playlistShape.shape.id,
        name: z.string().nullish().describe('The playlist name as given.'),
        snapshotId: z.string().nullish().describe('Changes with every edit: the same id and snapshot are one run.'),
        url: z.string().nullish().describe('Link to the playlist.'),
        curator: z.string().nullish().describe('Owner or curator as given.'),
        isEditorial: z.boolean().nullish().describe('True when Spotify itself curates it.'),
        totalTracks: z.int().nonnegative().nullish().describe('Rows of the whole playlist, when more than are sent.'),
      })
      .describe('The playlist.'),
    fetchMethod: fetchMethod.exclude(['unknown']).describe('How the playlist was read.'),
    observedAt: z.iso.datetime({ offset: true }).nullish().describe('When it was read; now, when absent.'),
    tracks: z
      .array(
        z.object({
          track: z.string().describe('Spotify track id, spotify:track: URI or open.spotify.com link.'),
          name: z.string().nullable().default(null).describe('Track name exactly as given.'),
          artists: z.array(z.string()).default([]).describe('Artist names, one element per artist.'),
          isrc: z.string().nullable().default(null).describe('ISRC; dashes and lower case are mended.'),
          label: z.string().nullable().default(null).describe('Record label.'),
          releaseDate: releaseDate.nullable().default(null).describe('Release date with its precision.'),
          albumId: z.string().nullable().default(null).describe('Spotify album id.'),
          albumName: z.string().nullable().default(null).describe('Album name.'),
          durationMs: z.int().nonnegative().nullable().default(null).describe('Length in milliseconds.'),
          explicit: z.boolean().nullable().default(null).describe('True when marked explicit.'),
          popularity: z.int().min(0).max(100).nullable().default(null).describe('Spotify popularity.'),
          audioFeatures: audioFeatures.nullable().default(null).describe('The twelve audio features.'),
        }),
      )
      .describe('The tracks in the order of the playlist; a repeat is a further position.'),
  })
  .meta({ title: 'linernotes playlist', description: 'One scraped playlist snapshot.' });

/** Reads our own format; a document that names it but does not fit is described by `z.prettifyError`. */
export function readLinernotes(document: unknown): readonly PlaylistFile[] | { readonly misfit: string } | null {
  if (!isOurs(document)) return null;
  const read = playlistDocument.safeParse(document);
  if (!read.success) return { misfit: z.prettifyError(read.error) };
  const { playlist, tracks, observedAt } = read.data;
  return [
    {
      ...A_PLAYLIST_FILE,
      id: playlist.id,
      name: playlist.name ?? null,
      snapshotId: playlist.snapshotId ?? null,
      url: playlist.url ?? null,
      curator: playlist.curator ?? null,
      isEditorial: playlist.isEditorial ?? null,
      fetchMethod: read.data.fetchMethod,
      observedAt: observedAt ? Date.parse(observedAt) : null,
      totalRows: playlist.totalTracks ?? null,
      rows: tracks.map(rowOfTrack),
    },
  ];
}

const isOurs = (document: unknown): boolean =>
  typeof document === 'object' && document !== null && 'format' in document && 'tracks' in document;

function rowOfTrack({ track, ...given }: z.infer<typeof playlistDocument>['tracks'][number]) {
  const known = { ...given, isrc: isrcFact(given.isrc) };
  return rowOf(track, known, given.name ?? 'unnamed');
}
