import { albumSize } from './albums.ts';
import { albumCount, placesPerAlbum } from './numbers.ts';
import type { Recording } from './recordings.ts';
import { type Trait, traits } from './traits.ts';
import type { World } from './world.ts';

/** Ways for tests, samples and benchmarks to get track ids of the catalogue. All are deterministic. */
export type Finder = {
  /** The first `count` ids of recordings that satisfy the predicate, in a fixed order. */
  idsWith(predicate: (recording: Recording) => boolean, count: number): readonly string[];
  /** The `nth` (from 0) id with the trait, e.g. `track('withoutIsrc')`. */
  track(trait: Trait, nth?: number): string;
  /** The first `count` ids with none of the traits (all of them when none is named). */
  plain(count: number, without?: readonly Trait[]): readonly string[];
  /** `count` different ids as playlists have them: about seven albums for ten tracks. */
  lifelike(count: number): readonly string[];
};

/** Makes the finder of a world. */
export function finderOf(
  world: World,
  recording: (number: number) => Recording,
  trackId: (recording: number) => string,
): Finder {
  const albumAt = (index: number): number => world.draw('sample', index).below(albumCount, 'album');
  const placeAt = (index: number): number =>
    world.draw('sample', index).below(albumSize(world, albumAt(index)), 'place');
  const idsWith: Finder['idsWith'] = (predicate, count) => {
    const found: string[] = [];
    for (let index = 0; found.length < count; index += 1) {
      const number = albumAt(index) * placesPerAlbum + placeAt(index);
      if (predicate(recording(number))) found.push(trackId(number));
    }
    return found;
  };
  return {
    idsWith,
    track: (trait, nth = 0) => idsWith((one) => one.has(trait), nth + 1)[nth] ?? '',
    plain: (count, without = recordingTraits) => idsWith((one) => !without.some((trait) => one.has(trait)), count),
    lifelike: (count) => {
      const numbers = new Set<number>();
      for (let index = 0; numbers.size < count; index += 1) {
        const album = albumAt(index);
        const taken = 1 + world.draw('sample', index).rank(3, 'tracks of it');
        for (let turn = 0; turn < taken && numbers.size < count; turn += 1) {
          numbers.add(album * placesPerAlbum + ((placeAt(index) + turn) % albumSize(world, album)));
        }
      }
      return [...numbers].map(trackId);
    },
  };
}

const recordingTraits: readonly Trait[] = Object.entries(traits)
  .filter(([, { of }]) => of !== 'writer')
  .map(([name]) => name)
  .filter((name): name is Trait => name in traits);
