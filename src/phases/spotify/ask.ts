import type { Answer, Asking, Lookup } from '#providers/answer.ts';
import type { SpotifyClient } from '#providers/spotify/client.ts';
import type { ArtistFacts, TrackFacts } from '#providers/spotify/facts.ts';
import type { TrackEvent } from '#track/event.ts';
import type { AudioFeatures } from '#track/facts.ts';
import type { SpotifySection } from '#track/sections/spotify.ts';
import type { SpotifyAnswers } from './answers.ts';
import type { SpotifyNeeds } from './needs.ts';

type Core = NonNullable<SpotifySection['core']>['value'];

/** The track as answered now, else as the event knew it: it names the album and the artists to ask for. */
const coreOf = (event: TrackEvent, track: Answer<TrackFacts> | null): Core | null =>
  track?.kind === 'found' ? track.facts.core : (event.sections.spotify.core?.value ?? null);

function askArtists(client: SpotifyClient, core: Core | null, asking: Asking): Promise<Answer<ArtistFacts>[]> {
  const ids = (core?.artists ?? []).flatMap(({ id }) => (id === null ? [] : [id]));
  return Promise.all(ids.map((id) => client.artists(id, asking)));
}

/** A second source of audio features, by Spotify track id. */
export type FeaturesLookup = Lookup<string, AudioFeatures>;

/** The features of the second source, where Spotify answered that it has or gives none. */
async function askOther(
  lookup: FeaturesLookup | null,
  features: Answer<AudioFeatures> | null,
  trackId: string,
  asking: Asking,
): Promise<Answer<AudioFeatures> | null> {
  const isLacking = features?.kind === 'not_found' || features?.kind === 'not_offered';
  return lookup !== null && isLacking ? lookup(trackId, asking) : null;
}

/** Asks for what the event needs: the track and its features first, then what only the track's answer names. */
export async function askSpotify(
  client: SpotifyClient,
  other: FeaturesLookup | null,
  event: TrackEvent,
  needs: SpotifyNeeds,
  given: Asking,
): Promise<SpotifyAnswers> {
  const asking = { ...given, notBefore: needs.since };
  const trackAsking = { ...asking, notBefore: laterOf(needs.since, needs.trackSince) };
  const [track, features] = await Promise.all([
    needs.track ? client.tracks(event.trackId, trackAsking) : null,
    needs.features ? client.features(event.trackId, asking) : null,
  ]);
  const core = coreOf(event, track);
  const albumId = core?.albumId ?? event.raw.albumId;
  const [album, artists, otherFeatures] = await Promise.all([
    needs.album && albumId !== null ? client.albums(albumId, asking) : null,
    needs.artists ? askArtists(client, core, asking) : [],
    askOther(other, features, event.trackId, asking),
  ]);
  return { track, album, albumId, artists, features, otherFeatures };
}

const laterOf = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);
