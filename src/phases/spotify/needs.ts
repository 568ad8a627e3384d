import { type Freshness, freshnessOf, isFresh } from '#providers/freshness.ts';
import type { SpotifyProfile } from '#providers/spotify/access.ts';
import { usable } from '#track/conflict.ts';
import type { TrackEvent } from '#track/event.ts';
import { isrcOf } from '#track/identity.ts';
import type { SpotifyField } from '#track/sections/spotify.ts';

/** What has to be asked for one event. */
export type SpotifyNeeds = {
  readonly track: boolean;
  /** Answers of the track call fetched before do not count; `null`: the freshness of the core decides. */
  readonly trackSince: number | null;
  readonly album: boolean;
  readonly artists: boolean;
  readonly features: boolean;
  /** Answers fetched before do not count; `null`: freshness decides. */
  readonly since: number | null;
};

type Moment = { readonly now: number; readonly notBefore: number | null; readonly freshness?: Freshness };
type AnyPart = { readonly fetchedAt: number; readonly askedBy: string };

/** The parts of the event that are fresh; those that are not are `null`. */
function freshParts({ trackId, sections: { spotify } }: TrackEvent, moment: Moment) {
  const { now, notBefore } = moment;
  const freshness = freshnessOf(moment);
  const fresh = <Part extends AnyPart>(part: Part | null, maxAgeMs: number): Part | null => {
    const kept = usable(part, trackId, null);
    return kept !== null && isFresh(kept.fetchedAt, maxAgeMs, now, notBefore) ? kept : null;
  };
  const albumId = spotify.core?.value.albumId ?? null;
  const askedAlbum = spotify.album?.askedBy ?? '';
  const isOfAnother = albumId !== null && askedAlbum.startsWith('album:') && askedAlbum !== `album:${albumId}`;
  return {
    core: fresh(spotify.core, freshness.spotifyCore),
    popularity: fresh(spotify.popularity, freshness.spotifyPopularity),
    album: isOfAnother ? null : fresh(spotify.album, freshness.spotifyAlbum),
    artists: fresh(spotify.artists, freshness.spotifyArtists),
    features: fresh(spotify.features, freshness.spotifyFeatures),
    access: fresh(spotify.access, freshness.spotifyAccess),
  };
}

type Fresh = ReturnType<typeof freshParts>;

const RANK: Readonly<Record<string, number>> = { 'new-dev': 0, 'legacy-dev': 1, extended: 2 };

/**
 * From when on answers count. What was asked by an account that was given less is asked again by one that is given more; as long
 * as calls have not shown what it is given, nothing is.
 */
function sinceOf({ sections }: TrackEvent, notBefore: number | null, profile: SpotifyProfile | null): number | null {
  const { access } = sections.spotify;
  if (access === null || profile === null || access.value.notOffered.length === 0) return notBefore;
  const isUpgrade = (RANK[profile] ?? 0) > (RANK[access.value.profile] ?? 0);
  return isUpgrade ? Math.max(notBefore ?? 0, access.fetchedAt + 1) : notBefore;
}

/**
 * The four facts without which the phase runs. A part that says there is none counts, it was asked and answered; and so does one
 * that the account is not given. A text without content is no fact.
 */
function missing({ raw }: TrackEvent, fresh: Fresh, moment: Moment) {
  const { now, notBefore } = moment;
  const { spotifyPopularity } = freshnessOf(moment);
  // A forced run asks again for what was only observed.
  const isObserved = (isThere: boolean): boolean => notBefore === null && isThere;
  const isWithheld = (field: SpotifyField): boolean => fresh.access?.value.notOffered.includes(field) === true;
  const isMeasured = raw.popularity !== null && isFresh(raw.observedAt, spotifyPopularity, now, null);
  return {
    isrc: fresh.core === null && !isObserved(isrcOf(raw.isrc ?? '') !== null),
    releaseDate: fresh.core === null && fresh.album === null && !isObserved(Boolean(raw.releaseDate?.value)),
    label: fresh.album === null && !isObserved(Boolean(raw.label?.trim())),
    popularity: fresh.popularity === null && !isWithheld('popularity') && !isObserved(isMeasured),
  };
}

/**
 * The selective rule: the phase runs only if ISRC, label, release date or popularity is missing. What the scraper saw and parts
 * from earlier runs count while they are fresh. A phase that runs asks only for what it lacks, artists and features included.
 * @param profile what calls have shown of the account; `null` while they have not
 * @returns `null` when nobody has to be asked
 */
export function needsOf(event: TrackEvent, moment: Moment, profile: SpotifyProfile | null): SpotifyNeeds | null {
  const since = sinceOf(event, moment.notBefore, profile);
  const fresh = freshParts(event, { ...moment, notBefore: since });
  const lacks = missing(event, fresh, moment);
  if (!lacks.isrc && !lacks.label && !lacks.releaseDate && !lacks.popularity) return null;
  const artists = fresh.artists === null;
  const albumId = fresh.core?.value.albumId ?? event.raw.albumId;
  const keysLacking = (lacks.label && albumId === null) || (artists && fresh.core === null);
  return {
    track: lacks.isrc || lacks.releaseDate || lacks.popularity || keysLacking,
    trackSince: lacks.popularity ? moment.now - freshnessOf(moment).spotifyPopularity : null,
    album: lacks.label,
    artists,
    features: fresh.features === null && (event.raw.audioFeatures === null || moment.notBefore !== null),
    since,
  };
}
