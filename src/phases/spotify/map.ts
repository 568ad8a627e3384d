import type { Answer } from '#providers/answer.ts';
import type { AlbumFacts, ArtistFacts, TrackFacts } from '#providers/spotify/facts.ts';
import { later } from '#track/canonical.ts';
import type { TrackEvent } from '#track/event.ts';
import type { AudioFeatures } from '#track/facts.ts';
import type { SpotifySection } from '#track/sections/spotify.ts';

/** What was asked for one event and answered; `null` was not asked. */
export type SpotifyAnswers = {
  readonly track: Answer<TrackFacts> | null;
  readonly album: Answer<AlbumFacts> | null;
  /** One for each credited artist, in the order of the track. */
  readonly artists: readonly Answer<ArtistFacts>[];
  readonly features: Answer<AudioFeatures> | null;
};

type Found<Facts> = Extract<Answer<Facts>, { kind: 'found' }>;

const found = <Facts>(answer: Answer<Facts> | null): Found<Facts> | null => (answer?.kind === 'found' ? answer : null);

/** A part is written whole or not at all: with one artist in trouble the others wait too. */
function artistsFound(answers: readonly Answer<ArtistFacts>[]): Found<{ artists: ArtistFacts[] }> | null {
  const all = answers.flatMap((answer) => (answer.kind === 'found' ? [answer] : []));
  if (all.length === 0 || answers.some(({ kind }) => kind === 'failed')) return null;
  const fetchedAt = Math.min(...all.map((answer) => answer.fetchedAt));
  return { kind: 'found', facts: { artists: all.map(({ facts }) => facts) }, fetchedAt };
}

function popularityFound(answer: Found<TrackFacts> | null): Found<{ popularity: number }> | null {
  const popularity = answer?.facts.popularity ?? null;
  return answer === null || popularity === null ? null : { ...answer, facts: { popularity } };
}

/** The section with what was found. A part that the event brought stays unless the answer is later. */
export function spotifySectionOf({ trackId, sections }: TrackEvent, answers: SpotifyAnswers): SpotifySection {
  const track = found(answers.track);
  const album = found(answers.album);
  const artists = artistsFound(answers.artists);
  const { spotify } = sections;
  const part = <Facts>(
    before: PartOf<Facts>,
    answer: Found<Facts> | null,
    askedBy = `track:${trackId}`,
  ): PartOf<Facts> =>
    answer === null
      ? before
      : later(
          before,
          { provider: 'spotify', fetchedAt: answer.fetchedAt, askedBy, value: answer.facts },
          ({ fetchedAt }) => fetchedAt,
        );
  return {
    core: part(spotify.core, track && { ...track, facts: track.facts.core }),
    popularity: part(spotify.popularity, popularityFound(track)),
    album: part(spotify.album, album, `album:${album?.facts.id}`),
    artists: part(spotify.artists, artists),
    features: part(spotify.features, found(answers.features)),
  };
}

type PartOf<Facts> = { provider: string; fetchedAt: number; askedBy: string; value: Facts } | null;
