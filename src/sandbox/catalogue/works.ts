import type { Draw } from './draw.ts';
import { artistCount, toIswc, toSongCode, worksPerArtist, writerCount } from './numbers.ts';
import type { Artist, Writer } from './people.ts';
import { cultureNamed, plainIndex, titleAt, titleCount } from './titles.ts';
import { has, type Publishing, publishingOf } from './traits.ts';
import type { World } from './world.ts';

/** Shifts the titles from artist to artist, so that the first work of each is called differently. */
const titleShift = 7919;

/** What a writer did for a work: words, music, or both. */
export type Part = 'composer' | 'lyricist' | 'composer-lyricist';

/** A song, known to The MLC by its code and to MusicBrainz by its MBID. */
export type Work = {
  number: number;
  title: string;
  artist: Artist;
  writers: readonly { writer: Writer; part: Part }[];
  iswc: string | null;
  songCode: string;
  mbid: string;
  publishing: Publishing;
  /** Whether The MLC has it at all. */
  registered: boolean;
};

/** The work of a number below `workSpace`; its leading digits name the artist it was written for. */
export function workOf(world: World, number: number): Work {
  const subject = world.draw('work', number);
  const artist = world.artist(Math.floor(number / worksPerArtist) % artistCount);
  return {
    number,
    title: workTitle(artist, number % worksPerArtist),
    artist,
    writers: writerNumbers(world, number, artist).map((writer) => ({
      writer: world.writer(writer),
      part: subject.pick(parts, `part ${writer}`),
    })),
    iswc: has(subject, 'withoutIswc') ? null : toIswc(number),
    songCode: toSongCode(number, 0),
    mbid: world.seal.toUuid('mb-work', number),
    publishing: publishingOf(subject),
    registered: !has(subject, 'unregisteredWork'),
  };
}

/** The title of an artist's work by its index; every index one `titleCount` further has the same title. */
const workTitle = (artist: Artist, index: number): string =>
  titleAt(cultureNamed(artist.culture), titleNumber(artist, index));

const titleNumber = (artist: Artist, index: number): number =>
  (index + artist.number * titleShift) % titleCount(cultureNamed(artist.culture));

/** The work of an artist that has the culture's title of an index, if any: nobody writes two songs of one title. */
export function workTitled(artist: Artist, title: number): number | null {
  const culture = cultureNamed(artist.culture);
  const count = titleCount(culture);
  const index = (((plainIndex(culture, title) - artist.number * titleShift) % count) + count) % count;
  return index < worksPerArtist ? artist.number * worksPerArtist + index : null;
}

/** A work of the artist, chosen by a key: a recording's own song, or the second song its ISRC matches. */
export function workNumber(world: World, artistNumber: number, key: string): number {
  const artist = world.artist(artistNumber);
  const index = world.draw('work of', key).below(worksPerArtist, 'work');
  return workTitled(artist, titleNumber(artist, index)) ?? artistNumber * worksPerArtist + index;
}

const parts: readonly Part[] = ['composer', 'lyricist', 'composer-lyricist', 'composer-lyricist'];

/** The numbers of a work's writers, the artist first when the artist writes. */
export function writerNumbers(world: World, number: number, artist: Artist): readonly number[] {
  const subject = world.draw('work', number);
  const wanted = 1 + Math.floor(5 * subject.unit('writer count') ** 1.7);
  const chosen = new Set<number>();
  if (artist.writer !== null && subject.chance(0.75, 'artist writes')) chosen.add(artist.writer);
  for (let turn = 0; chosen.size < wanted && turn < 20; turn += 1)
    chosen.add(anotherWriter(world, subject, artist, turn));
  return [...chosen];
}

/** Artists write with the same few people about half of the time. */
function anotherWriter(world: World, subject: Draw, artist: Artist, turn: number): number {
  if (!subject.chance(0.5, `circle ${turn}`)) return subject.rank(writerCount, `writer ${turn}`);
  return circleMember(world, artist.number, subject.below(circleSize, `which ${turn}`));
}

/** How many regular co-writers an artist has. */
export const circleSize = 5;

/** The number of an artist's regular co-writer. */
export function circleMember(world: World, artist: number, index: number): number {
  return world.draw('circle', artist).below(writerCount, `member ${index}`);
}
