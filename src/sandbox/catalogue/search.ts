import { artistCount, writerCount, writerOfIpi } from './numbers.ts';
import type { Artist } from './people.ts';
import { cultureNamed, titleIndex } from './titles.ts';
import { circleMember, circleSize, type Work, workOf, workTitled, writerNumbers } from './works.ts';
import type { World } from './world.ts';

/** Lookups by what people search for: names, IPI numbers, titles. Indexes are built on first use and never change. */
export type Search = {
  /** Numbers of the writers with this name (letter case and diacritics aside); people can share a name. */
  writersNamed(name: string): readonly number[];
  bandsNamed(name: string): readonly number[];
  writerWithIpi(ipi: string): number | null;
  /** Works of this title by at least one of the writers, as far as artist and regular co-writers lead to them. */
  works(title: string, writers: readonly number[]): readonly Work[];
  /** A work of this title by somebody of the culture, whoever it is. */
  namesake(title: string, culture: string): Work | null;
};

/** Text as searches compare it: no diacritics, no case, single spaces. */
export const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

/** Makes the searches of a world. */
export function searchOf(world: World): Search {
  const titles = titleIndex();
  const writers = lazily(() => byKey(writerCount, (number) => folded(world.writer(number).name.full)));
  const bands = lazily(() => byKey(artistCount / 2, (index) => folded(world.artist(index * 2 + 1).name)));
  const circles = lazily(() => artistsByMember(world));
  const artistsAround = (writer: number): readonly number[] => {
    const own = writer * 2 < artistCount ? [writer * 2] : [];
    return [...own, ...(circles().get(writer) ?? [])];
  };
  return {
    writersNamed: (name) => writers().get(folded(name)) ?? [],
    bandsNamed: (name) => (bands().get(folded(name)) ?? []).map((index) => index * 2 + 1),
    writerWithIpi: writerOfIpi,
    namesake: (title, culture) => {
      const [index] = titles(cultureNamed(culture), title);
      const artist = index === undefined ? null : anybodyOf(world, culture, title);
      const number = artist === null ? null : workTitled(artist, index ?? 0);
      return number === null ? null : workOf(world, number);
    },
    works: (title, wanted) => {
      const artists = [...new Set(wanted.flatMap(artistsAround))].map(world.artist);
      return artists.flatMap((artist) => {
        const indexes = titles(cultureNamed(artist.culture), title);
        const numbers = new Set(indexes.flatMap((index) => workTitled(artist, index) ?? []));
        return [...numbers]
          .filter((number) => writerNumbers(world, number, artist).some((writer) => wanted.includes(writer)))
          .map((number) => workOf(world, number));
      });
    },
  };
}

function anybodyOf(world: World, culture: string, title: string): Artist | null {
  const subject = world.draw('namesake', title);
  for (let turn = 0; turn < 100; turn += 1) {
    const artist = world.artist(subject.below(artistCount, `artist ${turn}`));
    if (artist.culture === culture) return artist;
  }
  return null;
}

function artistsByMember(world: World): Map<number, number[]> {
  const artists = new Map<number, number[]>();
  for (let artist = 0; artist < artistCount; artist += 1) {
    for (let index = 0; index < circleSize; index += 1) add(artists, circleMember(world, artist, index), artist);
  }
  return artists;
}

function byKey(count: number, key: (number: number) => string): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (let number = 0; number < count; number += 1) add(numbers, key(number), number);
  return numbers;
}

function add<Key>(map: Map<Key, number[]>, key: Key, value: number): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
