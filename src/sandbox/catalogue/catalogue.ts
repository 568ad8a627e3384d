import { type Album, albumOf } from './albums.ts';
import { type Credits, creditsOf } from './credits.ts';
import { type Features, featuresOf } from './features.ts';
import { type Finder, finderOf } from './find.ts';
import { type Link, linksOfBand, linksOfWriter } from './links.ts';
import { type Measures, measuresOf } from './measures.ts';
import type { Artist, Writer } from './people.ts';
import { type Recording, recordingOf } from './recordings.ts';
import { type Resolver, resolverOf } from './resolve.ts';
import { type Search, searchOf } from './search.ts';
import { type Share, sharesOf } from './shares.ts';
import { type Work, workOf } from './works.ts';
import { type World, worldOf } from './world.ts';

/**
 * All the stand-ins know, computed from a seed: nothing is stored, every lookup works in both directions, and the same
 * question has the same answer for ever. A recording is a number below 4.67 thousand million (what an ISRC can hold).
 * Track ids made here carry their recording; any other valid id stands for one by its hash and is a second id of it,
 * so of 100,000 foreign ids about one shares its recording with another.
 */
export type Catalogue = {
  world: World;
  resolve: Resolver;
  find: Finder;
  search: Search;
  recording(number: number): Recording;
  album(number: number): Album;
  /** The recordings of an album in order, with their track ids; withdrawn ones are left out. */
  albumTracks(album: number): readonly { id: string; recording: Recording }[];
  artist(number: number): Artist;
  writer(number: number): Writer;
  work(number: number): Work;
  shares(work: Work): readonly Share[];
  credits(recording: Recording): Credits;
  features(recording: number): Features;
  measures(recording: Recording): Measures;
  linksOfWriter(writer: Writer): readonly Link[];
  linksOfBand(artist: Artist): readonly Link[];
};

/** The seed of the sandbox that ships with the project; the sample playlist belongs to it. */
export const defaultSeed = 'linernotes';

/** Makes the catalogue of a seed. */
export function createCatalogue(seed: string = defaultSeed): Catalogue {
  const world = worldOf(seed);
  const resolve = resolverOf(world);
  const recording = (number: number): Recording => recordingOf(world, number);
  return {
    world,
    resolve,
    find: finderOf(world, recording, resolve.trackId),
    search: searchOf(world),
    recording,
    album: (number) => albumOf(world, number),
    albumTracks: (album) =>
      resolve
        .recordingsOfAlbum(album)
        .map((number) => ({ id: resolve.trackId(number), recording: recording(number) }))
        .filter((track) => !track.recording.has('unknownToSpotify')),
    artist: world.artist,
    writer: world.writer,
    work: (number) => workOf(world, number),
    shares: (work) => sharesOf(world, work),
    credits: (one) => creditsOf(world, one),
    features: (number) => featuresOf(world, number),
    measures: (one) => measuresOf(world, one),
    linksOfWriter: (writer) => linksOfWriter(world, writer),
    linksOfBand: (artist) => linksOfBand(world, artist),
  };
}
