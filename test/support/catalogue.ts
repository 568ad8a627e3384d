import type { Catalogue } from '#sandbox/catalogue/catalogue.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';

export type CatalogueTrack = { readonly id: string; readonly recording: Recording };

/** The first tracks of the sandbox's catalogue, album by album, as Spotify has them. */
export function catalogueTracks(catalogue: Catalogue, count: number): readonly CatalogueTrack[] {
  const tracks: CatalogueTrack[] = [];
  for (let album = 0; tracks.length < count; album += 1) tracks.push(...catalogue.albumTracks(album));
  return tracks.slice(0, count);
}
