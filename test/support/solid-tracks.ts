import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { type Trait, traits } from '#sandbox/catalogue/traits.ts';
import type { CatalogueTrack } from './catalogue.ts';

/** Traits by which a provider lacks a track or some of what it tells of one. */
const LACKING = Object.keys(traits).filter((name) =>
  /^(without|unknown|unregistered|region|writer)/.test(name),
) as Trait[];

/**
 * Tracks of the sandbox of which every provider knows everything: what a phase does not say of them, it did not ask.
 * @param fromAlbum the number of the first album that is looked at; far apart ones give different tracks
 */
export function solidTracks(count: number, fromAlbum = 0): readonly CatalogueTrack[] {
  const catalogue = createCatalogue();
  const tracks: CatalogueTrack[] = [];
  for (let album = fromAlbum; tracks.length < count; album += 1) {
    tracks.push(...catalogue.albumTracks(album).filter(({ recording }) => isSolid(recording)));
  }
  return tracks.slice(0, count);
}

const isSolid = (recording: CatalogueTrack['recording']): boolean =>
  recording.artists.length > 0 && !LACKING.some((trait) => recording.has(trait));
