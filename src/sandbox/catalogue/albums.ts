import type { Draw } from './draw.ts';
import { companyName } from './names.ts';
import { artistCount } from './numbers.ts';
import type { Artist } from './people.ts';
import { cultureNamed, titleAt, titleCount } from './titles.ts';
import { has } from './traits.ts';
import type { World } from './world.ts';

/** A release. `artist` is null for a compilation of various artists. */
export type Album = {
  number: number;
  id: string;
  name: string | null;
  type: 'album' | 'single' | 'compilation';
  artist: Artist | null;
  /** How many places it fills, 1 to 16. */
  size: number;
  released: string;
  precision: 'year' | 'month' | 'day';
  year: number;
  label: string;
  upc: string;
  popularity: number;
  mbid: string;
};

/** How many recordings an album has: a third are singles, some EPs, most full albums. */
export function albumSize(world: World, number: number): number {
  const subject = world.draw('album', number);
  if (subject.chance(0.35, 'single')) return 1;
  return subject.chance(0.2, 'ep') ? subject.between(2, 6, 'ep size') : subject.between(7, 16, 'size');
}

/** The year an album came out; recent ones are more frequent. */
export function albumYear(world: World, number: number): number {
  return 2025 - world.draw('album', number).rank(55, 'year');
}

/** The album of a number below `albumCount`. `name` is null for a single, which is named after its track. */
export function albumOf(world: World, number: number): Album {
  const subject = world.draw('album', number);
  const size = albumSize(world, number);
  const various = size > 6 && subject.chance(0.08, 'various artists');
  const artist = world.artist(subject.rank(artistCount, 'artist'));
  return {
    number,
    id: world.seal.toBase62('album', number),
    name: size === 1 ? null : albumTitle(subject, artist),
    type: various ? 'compilation' : size < 4 ? 'single' : 'album',
    artist: various ? null : artist,
    size,
    ...release(subject, albumYear(world, number)),
    label: has(subject, 'withoutLabel')
      ? ''
      : companyName(subject, subject.pick(['Records', 'Recordings', 'Discos'], 'label')),
    upc: String(subject.below(10 ** 12, 'upc')).padStart(13, '0'),
    popularity: subject.rank(90, 'popularity'),
    mbid: world.seal.toUuid('mb-release', number),
  };
}

function albumTitle(subject: Draw, artist: Artist): string {
  const culture = cultureNamed(artist.culture);
  return titleAt(culture, subject.below(titleCount(culture), 'title'));
}

function release(subject: Draw, year: number): Pick<Album, 'released' | 'precision' | 'year'> {
  const precision = has(subject, 'yearOnlyDate') ? 'year' : has(subject, 'monthOnlyDate') ? 'month' : 'day';
  const month = String(subject.between(1, 12, 'month')).padStart(2, '0');
  const day = String(subject.between(1, 28, 'day')).padStart(2, '0');
  const released = [String(year), month, day].slice(0, { year: 1, month: 2, day: 3 }[precision]).join('-');
  return { released, precision, year };
}
