import { writerCount } from './numbers.ts';
import type { Artist, Writer } from './people.ts';
import type { Recording } from './recordings.ts';
import type { World } from './world.ts';

/** One person in one role; the same person stands once a role. `artistId` is null for people without an artist page. */
export type Contributor = { name: string; role: string; group: string; artistId: string | null };

/** Who made a recording, as its page tells it, and who told (`sources`, a label's or distributor's name). */
export type Credits = { contributors: readonly Contributor[]; sources: readonly string[] };

const rolesOfPart = {
  composer: ['Composer'],
  lyricist: ['Lyricist'],
  'composer-lyricist': ['Composer', 'Lyricist'],
} as const;
const instruments = ['Guitar', 'Drums', 'Piano', 'Synthesizer', 'Backing Vocals', 'Violin'] as const;

/** The credits of a recording; empty when it has the trait `withoutCredits`. */
export function creditsOf(world: World, recording: Recording): Credits {
  if (recording.has('withoutCredits')) return { contributors: [], sources: [] };
  const { label } = recording.album;
  return {
    contributors: [...performed(recording), ...written(world, recording), ...made(world, recording)],
    sources: label === '' ? [] : [label],
  };
}

function performed(recording: Recording): readonly Contributor[] {
  const mains = recording.artists.length - recording.featured;
  return recording.artists.map((artist, index) => ({
    ...person(artist),
    role: index < mains ? 'Main Artist' : 'Featured Artist',
    group: 'Artist',
  }));
}

function written(world: World, recording: Recording): readonly Contributor[] {
  return recording.work.writers.flatMap(({ writer, part }) =>
    rolesOfPart[part].map((role) => ({ ...byName(world, writer), role, group: 'Composition & Lyrics' })),
  );
}

/** One to three producers, a mixer at times, and players; the first writer produces four in ten recordings. */
function made(world: World, recording: Recording): readonly Contributor[] {
  const subject = world.draw('credits', recording.number);
  const [first] = recording.work.writers;
  const someone = (label: string): Contributor => ({
    ...byName(world, world.writer(subject.rank(writerCount, label))),
    role: 'Producer',
    group: 'Production & Engineering',
  });
  const producers = Array.from({ length: subject.between(1, 3, 'producers') }, (_, index) =>
    someone(`producer ${index}`),
  );
  if (first !== undefined && subject.chance(0.4, 'writer produces')) {
    producers[0] = { ...byName(world, first.writer), role: 'Producer', group: 'Production & Engineering' };
  }
  const mixers = subject.chance(0.5, 'mixer') ? [{ ...someone('mixer'), role: 'Mixer' }] : [];
  const players = Array.from({ length: subject.below(4, 'players') }, (_, index) => ({
    ...someone(`player ${index}`),
    role: subject.pick(instruments, `instrument ${index}`),
    group: 'Performers',
  }));
  return onceEach([...producers, ...mixers, ...players]);
}

function onceEach(contributors: readonly Contributor[]): readonly Contributor[] {
  const seen = new Map(contributors.map((one) => [`${one.name}\n${one.role}`, one]));
  return [...seen.values()];
}

/** A solo artist is credited for writing under the own name, with the link of the artist page. */
function byName(world: World, writer: Writer): { name: string; artistId: string | null } {
  return { name: writer.name.full, artistId: writer.artist === null ? null : world.artist(writer.artist).id };
}

function person(artist: Artist): { name: string; artistId: string | null } {
  return { name: artist.name, artistId: artist.id };
}
