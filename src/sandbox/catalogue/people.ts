import type { Draw } from './draw.ts';
import { cultureOf, type PersonName, personName, stageName } from './names.ts';
import { artistCount, writerIpi } from './numbers.ts';
import type { Sealer } from './seal.ts';
import { cultureNamed } from './titles.ts';
import { has } from './traits.ts';

/** One who writes songs. Writers below half of the artists' number are solo artists too. */
export type Writer = {
  number: number;
  name: PersonName;
  /** Culture's name, for the titles of what they write. */
  culture: string;
  ipi: string | null;
  mbid: string | null;
  /** Number of the artist this writer performs as; null when none. */
  artist: number | null;
};

/** One who stands on records: a band, or a writer under a stage or own name. */
export type Artist = {
  number: number;
  id: string;
  name: string;
  culture: string;
  writer: number | null;
  mbid: string | null;
  followers: number;
  popularity: number;
  genres: readonly string[];
};

const genres =
  'dream pop|indie folk|k-pop|j-rock|deep house|afrobeats|chanson|city pop|drill|ambient|hyperpop|mpb'.split('|');

/** Composes a writer from the writer's draws. */
export function composeWriter(subject: Draw, number: number, seal: Sealer): Writer {
  const culture = cultureOf(subject);
  return {
    number,
    name: personName(culture, subject),
    culture: culture.name,
    ipi: has(subject, 'writerWithoutIpi') ? null : writerIpi(number),
    mbid: has(subject, 'writerWithoutMbid') ? null : seal.toUuid('mb-writer', number),
    artist: number * 2 < artistCount ? number * 2 : null,
  };
}

/** Composes an artist: even numbers are the writers of half that number on stage, odd ones are bands. */
export function composeArtist(
  subject: Draw,
  number: number,
  { seal, writer }: { seal: Sealer; writer: (number: number) => Writer },
): Artist {
  const solo = number % 2 === 0 ? writer(number / 2) : null;
  const culture = solo === null ? cultureOf(subject) : cultureNamed(solo.culture);
  const person = solo?.name.full ?? personName(culture, subject).full;
  const ownName = solo !== null && subject.chance(0.6, 'own name');
  const popularity = Math.floor(95 * (1 - number / artistCount) * subject.unit('popularity'));
  return {
    number,
    id: seal.toBase62('artist', number),
    name: ownName ? person : stageName(culture, person, subject),
    culture: culture.name,
    writer: solo?.number ?? null,
    mbid: solo === null ? bandMbid(subject, number, seal) : solo.mbid,
    followers: Math.floor(subject.unit('followers') * 1.19 ** popularity) + subject.below(400, 'fans'),
    popularity,
    genres: subject.chance(0.3, 'no genre')
      ? []
      : [subject.pick(genres, 'genre'), subject.pick(genres, 'second genre')],
  };
}

function bandMbid(subject: Draw, number: number, seal: Sealer): string | null {
  return subject.chance(0.25, 'band without mbid') ? null : seal.toUuid('mb-band', number);
}
