import type { z } from 'zod';
import { audioFeatures, releaseDate } from '../facts.ts';
import { as, flag, list, maybe, record, text, whole } from '../shapes.ts';
import { part } from './part.ts';

const artistName = record('SpotifyArtistName', 'A credited artist as the track names it.', {
  id: maybe(text('Spotify artist id; null for very old catalogue.')),
  name: text('Artist name exactly as given.'),
});

export const spotifyCore = part(
  'SpotifyCore',
  'What the Spotify track call says of the track itself.',
  record('SpotifyCoreFacts', 'Identity and basics.', {
    answeredId: text('The id in the answer; differs from the asked one when Spotify relinked the track.'),
    name: text('Track name.'),
    isrc: maybe(text('ISRC, 12 characters.')),
    artists: list(artistName, 'All credited artists in order.'),
    albumId: maybe(text('Spotify album id.')),
    albumName: maybe(text('Album name; may be empty after a take-down.')),
    releaseDate: maybe(as(releaseDate, 'Release date of the album.')),
    durationMs: maybe(whole('Length in milliseconds.')),
    explicit: maybe(flag('True when marked explicit.')),
    discNumber: maybe(whole('Disc, from 1.')),
    trackNumber: maybe(whole('Position on the disc, from 1.')),
    imageUrl: maybe(text('Largest cover image.')),
  }),
);

export const spotifyPopularity = part(
  'SpotifyPopularity',
  'Popularity, a moving value.',
  record('SpotifyPopularityFacts', 'Popularity of the track.', { popularity: whole('0 to 100, relative to now.') }),
);

export const spotifyAlbum = part(
  'SpotifyAlbum',
  'What the full album call says; a track call has no label.',
  record('SpotifyAlbumFacts', 'The album of the track.', {
    id: text('Spotify album id.'),
    name: text('Album name.'),
    type: maybe(text('album, single or compilation.')),
    label: maybe(text('Label.')),
    upc: maybe(text('UPC.')),
    copyrights: list(text('One copyright line as given.'), 'Copyright lines.'),
    totalTracks: maybe(whole('Tracks on the album.')),
    popularity: maybe(whole('0 to 100.')),
    releaseDate: maybe(as(releaseDate, 'Release date.')),
  }),
);

export const spotifyArtists = part(
  'SpotifyArtists',
  'What the artist call says of every credited artist.',
  record('SpotifyArtistsFacts', 'The credited artists.', {
    artists: list(
      record('SpotifyArtist', 'One credited artist.', {
        id: text('Spotify artist id.'),
        name: text('Artist name.'),
        genres: list(text('Genre as given.'), 'Genres; often empty.'),
        followers: maybe(whole('Followers.')),
        popularity: maybe(whole('0 to 100.')),
      }),
      'In the order of the track.',
    ),
  }),
);

export const spotifyFeatures = part(
  'SpotifyFeatures',
  'Audio features; the provider says whose they are, Spotify or a substitute.',
  audioFeatures,
);

/** Fields of the section that an account may not be given; `features` is the whole part. */
export const SPOTIFY_FIELDS = [
  'core.isrc',
  'popularity',
  'album.label',
  'album.popularity',
  'album.upc',
  'artists.followers',
  'artists.genres',
  'artists.popularity',
  'features',
] as const;
export type SpotifyField = (typeof SPOTIFY_FIELDS)[number];

export const spotifyAccess = part(
  'SpotifyAccess',
  'What the account that asked is given: it tells a fact that is not offered from one that Spotify does not have.',
  record('SpotifyAccessFacts', 'Profile of the account, and the fields it is not given.', {
    profile: text('extended, legacy-dev (no audio features) or new-dev (single calls, fewer fields).'),
    notOffered: list(text('A field of this section, for example album.label.'), 'The fields that are not offered.'),
  }),
);

export const spotifySection = record('SpotifySection', 'What the spotify phase knows.', {
  core: maybe(spotifyCore, 'Identity and basics.'),
  popularity: maybe(spotifyPopularity, 'Popularity.'),
  album: maybe(spotifyAlbum, 'Album with label.'),
  artists: maybe(spotifyArtists, 'Artists with genres and followers.'),
  features: maybe(spotifyFeatures, 'Audio features.'),
  access: maybe(spotifyAccess, 'What the account is given; null in events from before this was told.'),
});

export type SpotifySection = z.infer<typeof spotifySection>;
