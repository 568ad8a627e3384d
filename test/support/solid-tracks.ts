import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { type Trait, traits } from '#sandbox/catalogue/traits.ts';
import { type CatalogueTrack, catalogueTracks } from './catalogue.ts';

/** Traits by which a provider lacks a track or some of what it tells of one. */
const LACKING = Object.keys(traits).filter((name) =>
  /^(without|unknown|unregistered|region|writer)/.test(name),
) as Trait[];

/** Tracks of the sandbox of which every provider knows everything: what a phase does not say of them, it did not ask. */
export function solidTracks(count: number): readonly CatalogueTrack[] {
  const catalogue = createCatalogue();
  const tracks: CatalogueTrack[] = [];
  for (let wanted = count * 20; tracks.length < count; wanted *= 2) {
    const solid = catalogueTracks(catalogue, wanted).filter(({ recording }) => isSolid(recording));
    tracks.splice(0, tracks.length, ...solid);
  }
  return tracks.slice(0, count);
}

const isSolid = (recording: CatalogueTrack['recording']): boolean =>
  recording.artists.length > 0 && !LACKING.some((trait) => recording.has(trait));
