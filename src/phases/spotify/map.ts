import { superseding } from '#phases/shared/superseding.ts';
import type { Answer } from '#providers/answer.ts';
import type { ArtistFacts } from '#providers/spotify/facts.ts';
import { later } from '#track/canonical.ts';
import type { TrackEvent } from '#track/event.ts';
import type { Part } from '#track/sections/part.ts';
import type { SpotifySection } from '#track/sections/spotify.ts';
import type { SpotifyAnswers } from './answers.ts';
import { accessPartOf } from './offered.ts';

type Found<Facts> = Extract<Answer<Facts>, { kind: 'found' }>;

const found = <Facts>(answer: Answer<Facts> | null): Found<Facts> | null => (answer?.kind === 'found' ? answer : null);

/** The answer with one of its facts alone. */
const only = <Facts, Value>(
  answer: Found<Facts> | null,
  value: (facts: Facts) => Value | null,
): Found<Value> | null => {
  const facts = answer === null ? null : value(answer.facts);
  return answer === null || facts === null ? null : { ...answer, facts };
};

/** A part is written whole or not at all: with one artist in trouble the others wait too. */
function artistsFound(answers: readonly Answer<ArtistFacts>[]): Found<PartValue<'artists'>> | null {
  const all = answers.flatMap((answer) => (answer.kind === 'found' ? [answer] : []));
  if (all.length === 0 || answers.some(({ kind }) => kind === 'failed')) return null;
  const fetchedAt = Math.min(...all.map((answer) => answer.fetchedAt));
  return { kind: 'found', facts: { artists: all.map(({ facts }) => facts.artist) }, fetchedAt };
}

type PartValue<Name extends keyof SpotifySection> = NonNullable<SpotifySection[Name]>['value'];

const asPart = <Facts>({ facts, fetchedAt }: Found<Facts>, askedBy: string): Part<Facts> => ({
  provider: 'spotify',
  fetchedAt,
  askedBy,
  value: facts,
});

/** An album other than the one before replaces it, also when its answer is the older one. */
function albumPart(before: SpotifySection['album'], album: Part<PartValue<'album'>> | null): SpotifySection['album'] {
  if (album === null) return before;
  return before?.askedBy === album.askedBy ? laterOf(before, album) : superseding(before, album);
}

const laterOf = <Facts>(before: Part<Facts> | null, part: Part<Facts> | null): Part<Facts> | null =>
  later(before, part, ({ fetchedAt }) => fetchedAt);

/**
 * The section with what was found. A part that the event brought stays unless the answer is later.
 * @param profile of the account that asked
 */
export function spotifySectionOf(event: TrackEvent, answers: SpotifyAnswers, profile: string): SpotifySection {
  const { spotify } = event.sections;
  const byTrack = <Facts>(answer: Found<Facts> | null): Part<Facts> | null =>
    answer && asPart(answer, `track:${event.trackId}`);
  const track = found(answers.track);
  const album = only(found(answers.album), (facts) => facts.album);
  const other = byTrack(found(answers.otherFeatures));
  const substitute = other === null ? null : { ...other, provider: 'reccobeats' };
  return {
    core: laterOf(spotify.core, byTrack(only(track, ({ core }) => core))),
    popularity: laterOf(
      spotify.popularity,
      byTrack(only(track, ({ popularity }) => (popularity === null ? null : { popularity }))),
    ),
    album: albumPart(spotify.album, album && asPart(album, `album:${answers.albumId}`)),
    artists: laterOf(spotify.artists, byTrack(artistsFound(answers.artists))),
    features: laterOf(spotify.features, byTrack(found(answers.features)) ?? substitute),
    access: accessPartOf(event, answers, profile),
  };
}
