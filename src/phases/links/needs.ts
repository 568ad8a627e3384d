import type { Asking } from '#providers/answer.ts';
import { freshnessOf, isFresh } from '#providers/freshness.ts';
import { answersFor } from '#track/conflict.ts';
import type { TrackEvent } from '#track/event.ts';
import { nameKey } from '#track/names.ts';
import type { LinksSection } from '#track/sections/links.ts';
import { distinctBy } from './distinct.ts';
import type { Wanted } from './writers.ts';

/** How many writers get links. */
export type LinksRules = { readonly writers: number };

type Age = Pick<Asking, 'now' | 'notBefore' | 'freshness'>;

/**
 * Whether anything must be looked up. A part counts when it is fresh and was asked under the ISRC that the track has now, or under
 * its Spotify id; the writers count, besides, only while they are those that the credits name.
 * @param isrc the resolved ISRC
 * @param wanted the writers of the earlier phases; none means that the works of the recording name them
 */
export function isNeeded(
  { trackId, sections: { links } }: TrackEvent,
  isrc: string | null,
  wanted: readonly Wanted[],
  rules: LinksRules,
  age: Age,
): boolean {
  const { now, notBefore } = age;
  const freshMs = freshnessOf(age).musicbrainz;
  const counts = (part: { askedBy: string; fetchedAt: number } | null): boolean =>
    part !== null && answersFor(part, trackId, isrc) && isFresh(part.fetchedAt, freshMs, now, notBefore);
  // Few tracks without an ISRC are found by their link: then fresh writers are all there is.
  if (!counts(links.recording) && (isrc !== null || !counts(links.writers))) return true;
  const names = wanted.length > 0 ? wanted.map(({ name }) => name) : namesOfWorks(links, rules.writers);
  if (names.length === 0) return false;
  return !counts(links.writers) || !sameNames(names, links.writers?.value.writers ?? []);
}

const namesOfWorks = ({ recording }: LinksSection, most: number): readonly string[] =>
  distinctBy(recording?.value.works.flatMap(({ writers }) => writers) ?? [], ({ mbid }) => mbid)
    .slice(0, most)
    .map(({ name }) => name);

const sameNames = (names: readonly string[], writers: readonly { readonly name: string }[]): boolean =>
  names.length === writers.length &&
  names.every((name, index) => nameKey(name) === nameKey(writers[index]?.name ?? ''));
