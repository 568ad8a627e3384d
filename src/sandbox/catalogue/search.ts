import { artistCount, writerCount, writerOfIpi } from './numbers.ts';

import { cultureNamed, titleIndex } from './titles.ts';
import { circleMember, circleSize, type Work, workOf, worksTitled, writerNumbers } from './works.ts';
import type { World } from './world.ts';

/** Lookups by what people search for: names, IPI numbers, titles. Indexes are built on first use and never change. */
export type Search = {
  /** Numbers of the writers with this name (letter case and diacritics aside); people can share a name. */
  writersNamed(name: string): readonly number[];
  bandsNamed(name: string): readonly number[];
  writerWithIpi(ipi: string): number | null;
  /** Works of this title by at least one of the writers, as far as artist and regular co-writers lead to them. */
  works(title: string, writers: readonly number[]): readonly Work[];
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
    works: (title, wanted) => {
      const artists = [...new Set(wanted.flatMap(artistsAround))].map(world.artist);
      return artists.flatMap((artist) =>
        titles(cultureNamed(artist.culture), title)
          .flatMap((index) => worksTitled(artist, index))
          .filter((number) => writerNumbers(world, number, artist).some((writer) => wanted.includes(writer)))
          .map((number) => workOf(world, number)),
      );
    },
  };
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
