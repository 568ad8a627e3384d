import { type Album, albumOf, albumSize, albumYear } from './albums.ts';
import type { Draw } from './draw.ts';
import { artistCount, placesPerAlbum, recordingSpace, toIsrc } from './numbers.ts';
import type { Artist } from './people.ts';
import { has, type Trait, traits } from './traits.ts';
import { type Work, workNumber, workOf } from './works.ts';
import type { World } from './world.ts';

/** One recording, what an ISRC names. */
export type Recording = {
  number: number;
  album: Album;
  albumName: string;
  trackNumber: number;
  isrc: string | null;
  title: string;
  /** Main artists first, then featured ones. */
  artists: readonly Artist[];
  featured: number;
  durationMs: number;
  explicit: boolean;
  popularity: number;
  /** Plays ever; null when the page does not tell. */
  playCount: number | null;
  work: Work;
  /** A second work its ISRC matches at The MLC, with the registration (1 is a duplicate of the same song). */
  secondWork: { work: Work; registration: 0 | 1 } | null;
  has(trait: Trait): boolean;
};

/** Whether the number is one of a recording: its place must be one its album fills. */
export function isRecording(world: World, number: number): boolean {
  if (!Number.isInteger(number) || number < 0 || number >= recordingSpace) return false;
  return number % placesPerAlbum < albumSize(world, Math.floor(number / placesPerAlbum));
}

/** The ISRC a recording would have, with or without the trait of lacking one. */
export function isrcOf(world: World, number: number): string {
  return toIsrc(number, albumYear(world, Math.floor(number / placesPerAlbum)));
}

/** The recording of a number for which `isRecording` holds. */
export function recordingOf(world: World, number: number): Recording {
  const subject = world.draw('recording', number);
  const album = albumOf(world, Math.floor(number / placesPerAlbum));
  const main = album.artist ?? world.artist(subject.rank(artistCount, 'artist on compilation'));
  const guests = guestsOf(world, subject, main);
  const work = workOf(world, workNumber(world, main.number, `recording ${number}`));
  const title = versionOf(subject, work.title, guests);
  return {
    number,
    album,
    albumName: album.name ?? title,
    trackNumber: (number % placesPerAlbum) + 1,
    isrc: has(subject, 'withoutIsrc') ? null : isrcOf(world, number),
    title,
    artists: [main, ...guests],
    featured: guests.length,
    durationMs: subject.between(61_000, 420_000, 'duration'),
    explicit: subject.chance(0.15, 'explicit'),
    popularity: Math.round((album.popularity + subject.below(100, 'popularity')) / 2),
    playCount: playsOf(subject),
    work,
    secondWork: has(subject, 'severalWorks') ? secondWork(world, subject, work, main, number) : null,
    has: (trait) => traitOf(world, { recording: number, album: album.number, work: work.number }, trait),
  };
}

/** A recording has the traits of its album and its work too; a writer's traits are no recording's. */
function traitOf(world: World, keys: { recording: number; album: number; work: number }, trait: Trait): boolean {
  const { of } = traits[trait];
  return of !== 'writer' && has(world.draw(of, keys[of]), trait);
}

function guestsOf(world: World, subject: Draw, main: Artist): readonly Artist[] {
  const count = subject.chance(0.25, 'has guests') ? subject.between(1, 3, 'guests') : 0;
  return Array.from({ length: count }, (_, index) => subject.rank(artistCount, `guest ${index}`))
    .filter((guest, index, all) => guest !== main.number && all.indexOf(guest) === index)
    .map((guest) => world.artist(guest));
}

const versions = [' - Live', ' - Remastered 2011', ' (Acoustic)', ' - Radio Edit', ' [Demo]', ' - ライブ'] as const;

function versionOf(subject: Draw, title: string, guests: readonly Artist[]): string {
  const [guest] = guests;
  if (guest !== undefined && subject.chance(0.6, 'names guest')) return `${title} (feat. ${guest.name})`;
  return subject.chance(0.1, 'version') ? `${title}${subject.pick(versions, 'which version')}` : title;
}

/** From none to some thousand million: most songs are played little, a few past what 32 bits hold. */
function playsOf(subject: Draw): number | null {
  if (has(subject, 'withoutPlayCount')) return null;
  if (has(subject, 'zeroPlays')) return 0;
  if (has(subject, 'hugePlays')) return 2 ** 31 + subject.below(3_000_000_000, 'huge');
  return Math.floor(10 ** (0.5 + 8.4 * subject.unit('plays')));
}

/** Half of the second matches are a duplicate registration of the same song, half another song of the artist. */
function secondWork(world: World, subject: Draw, work: Work, main: Artist, number: number): Recording['secondWork'] {
  if (subject.chance(0.5, 'duplicate registration')) return { work, registration: 1 };
  return { work: workOf(world, workNumber(world, main.number, `second of ${number}`)), registration: 0 };
}
