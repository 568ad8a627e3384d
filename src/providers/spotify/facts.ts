import type { AudioFeatures, ReleaseDate } from '#track/facts.ts';
import { isrcOf } from '#track/identity.ts';
import { SPOTIFY_FIELDS, type SpotifyField, type SpotifySection } from '#track/sections/spotify.ts';
import type { WireAlbum, WireArtist, WireFeatures, WireTrack } from './wire.ts';

type FactsOf<Name extends keyof SpotifySection> = NonNullable<SpotifySection[Name]>['value'];

/** The fields that were not in the answer at all: not "has none", but not offered to this account. */
type NotOffered = { readonly notOffered: readonly SpotifyField[] };

/** What one track call says. `popularity` is `null` when it was not offered. */
export type TrackFacts = NotOffered & { readonly core: FactsOf<'core'>; readonly popularity: number | null };
export type AlbumFacts = NotOffered & { readonly album: FactsOf<'album'> };
export type ArtistFacts = NotOffered & { readonly artist: FactsOf<'artists'>['artists'][number] };

const absent = (fields: Partial<Record<SpotifyField, unknown>>): readonly SpotifyField[] =>
  SPOTIFY_FIELDS.filter((field) => field in fields && fields[field] === undefined);

const PRECISIONS = { year: /^\d{4}$/, month: /^\d{4}-\d{2}$/, day: /^\d{4}-\d{2}-\d{2}$/ } as const;

/** A date as precise as it is said to be. Spotify writes year 0000 where it knows none. */
function dateOf(value: string | null | undefined, precision: string | null | undefined): ReleaseDate | null {
  if (!value || value.startsWith('0000')) return null;
  const said = Object.keys(PRECISIONS).find((one): one is keyof typeof PRECISIONS => one === precision);
  return said !== undefined && PRECISIONS[said].test(value) ? { value, precision: said } : null;
}

const filled = (text: string | null | undefined): string | null => (text ? text : null);

/** Images come largest first, but nothing promises it. */
const largest = (images: WireTrack['album']['images']): string | null =>
  [...(images ?? [])].sort((a, b) => (b.width ?? 0) - (a.width ?? 0))[0]?.url ?? null;

export const trackFacts = (track: WireTrack): TrackFacts => ({
  core: {
    answeredId: track.id,
    name: track.name,
    isrc: isrcOf(track.external_ids?.isrc ?? ''),
    artists: track.artists.map(({ id, name }) => ({ id: filled(id), name })),
    albumId: filled(track.album.id),
    albumName: filled(track.album.name),
    releaseDate: dateOf(track.album.release_date, track.album.release_date_precision),
    durationMs: track.duration_ms ?? null,
    explicit: track.explicit ?? null,
    discNumber: track.disc_number ?? null,
    trackNumber: track.track_number ?? null,
    imageUrl: largest(track.album.images),
  },
  popularity: track.popularity ?? null,
  notOffered: absent({ 'core.isrc': track.external_ids, popularity: track.popularity }),
});

export const albumFacts = (album: WireAlbum): AlbumFacts => ({
  album: albumOf(album),
  notOffered: absent({
    'album.label': album.label,
    'album.popularity': album.popularity,
    'album.upc': album.external_ids,
  }),
});

const albumOf = (album: WireAlbum): FactsOf<'album'> => ({
  id: album.id,
  name: album.name,
  type: filled(album.album_type),
  label: filled(album.label),
  upc: filled(album.external_ids?.upc),
  copyrights: (album.copyrights ?? []).map(({ text }) => text),
  totalTracks: album.total_tracks ?? null,
  popularity: album.popularity ?? null,
  releaseDate: dateOf(album.release_date, album.release_date_precision),
});

export const artistFacts = (artist: WireArtist): ArtistFacts => ({
  artist: {
    id: artist.id,
    name: artist.name,
    genres: artist.genres ?? [],
    followers: artist.followers?.total ?? null,
    popularity: artist.popularity ?? null,
  },
  notOffered: absent({
    'artists.followers': artist.followers,
    'artists.genres': artist.genres,
    'artists.popularity': artist.popularity,
  }),
});

export const featuresFacts = ({ time_signature, ...wire }: WireFeatures): AudioFeatures => ({
  acousticness: wire.acousticness,
  danceability: wire.danceability,
  energy: wire.energy,
  instrumentalness: wire.instrumentalness,
  liveness: wire.liveness,
  speechiness: wire.speechiness,
  valence: wire.valence,
  loudness: wire.loudness,
  tempo: wire.tempo,
  key: wire.key,
  mode: wire.mode,
  timeSignature: time_signature,
});
