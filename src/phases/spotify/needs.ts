import { FRESHNESS, isFresh } from '#providers/freshness.ts';
import { usable } from '#track/conflict.ts';
import type { TrackEvent } from '#track/event.ts';

/** What has to be asked for one event. */
export type SpotifyNeeds = {
  readonly track: boolean;
  /** Answers of the track call fetched before do not count; `null`: the freshness of the core decides. */
  readonly trackSince: number | null;
  readonly album: boolean;
  readonly artists: boolean;
  readonly features: boolean;
};

type Moment = { readonly now: number; readonly notBefore: number | null };
type AnyPart = { readonly fetchedAt: number; readonly askedBy: string };

/** The parts of the event that are fresh; those that are not are `null`. */
export function freshParts({ trackId, sections: { spotify } }: TrackEvent, { now, notBefore }: Moment) {
  const fresh = <Part extends AnyPart>(part: Part | null, maxAgeMs: number): Part | null => {
    const kept = usable(part, trackId, null);
    return kept !== null && isFresh(kept.fetchedAt, maxAgeMs, now, notBefore) ? kept : null;
  };
  return {
    core: fresh(spotify.core, FRESHNESS.spotifyCore),
    popularity: fresh(spotify.popularity, FRESHNESS.spotifyPopularity),
    album: fresh(spotify.album, FRESHNESS.spotifyAlbum),
    artists: fresh(spotify.artists, FRESHNESS.spotifyArtists),
    features: fresh(spotify.features, FRESHNESS.spotifyFeatures),
  };
}

type Fresh = ReturnType<typeof freshParts>;

/** The four facts without which the phase runs. A part that says there is none counts: it was asked and answered. */
function missing(event: TrackEvent, fresh: Fresh, { now, notBefore }: Moment) {
  const { isrc, label, releaseDate, popularity, observedAt } = event.raw;
  // A forced run asks again for what was only observed.
  const observed = (value: unknown): boolean => notBefore === null && value !== null;
  const measured = observed(popularity) && isFresh(observedAt, FRESHNESS.spotifyPopularity, now, null);
  return {
    isrc: fresh.core === null && !observed(isrc),
    releaseDate: fresh.core === null && fresh.album === null && !observed(releaseDate),
    label: fresh.album === null && !observed(label),
    popularity: fresh.popularity === null && !measured,
  };
}

/**
 * The selective rule: the phase runs only if ISRC, label, release date or popularity is missing. What the scraper saw and parts
 * from earlier runs count while they are fresh. A phase that runs asks only for what it lacks, artists and features included.
 * @returns `null` when nobody has to be asked
 */
export function needsOf(event: TrackEvent, moment: Moment): SpotifyNeeds | null {
  const fresh = freshParts(event, moment);
  const lacks = missing(event, fresh, moment);
  if (!lacks.isrc && !lacks.label && !lacks.releaseDate && !lacks.popularity) return null;
  const artists = fresh.artists === null;
  const albumId = fresh.core?.value.albumId ?? event.raw.albumId;
  const keysLacking = (lacks.label && albumId === null) || (artists && fresh.core === null);
  return {
    track: lacks.isrc || lacks.releaseDate || lacks.popularity || keysLacking,
    trackSince: lacks.popularity ? moment.now - FRESHNESS.spotifyPopularity : null,
    album: lacks.label,
    artists,
    features: fresh.features === null && (event.raw.audioFeatures === null || moment.notBefore !== null),
  };
}
