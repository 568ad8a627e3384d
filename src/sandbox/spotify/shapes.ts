import type { Album } from '../catalogue/albums.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Artist } from '../catalogue/people.ts';
import type { Recording } from '../catalogue/recordings.ts';

const site = 'https://open.spotify.com';

const reference = (kind: string, id: string): object => ({
  id,
  type: kind,
  uri: `spotify:${kind}:${id}`,
  href: `https://api.spotify.com/v1/${kind}s/${id}`,
  external_urls: { spotify: `${site}/${kind}/${id}` },
});

// The addresses lead nowhere on purpose: `.example` is reserved, and the sandbox has no pictures.
const images = (id: string): readonly object[] =>
  [640, 300, 64].map((size) => ({
    url: `https://images.sandbox.example/${id}/${size}.jpg`,
    height: size,
    width: size,
  }));

/** An artist as tracks and albums carry it. */
export const simplifiedArtist = (artist: Artist): object => ({ ...reference('artist', artist.id), name: artist.name });

/** An artist with followers, genres and popularity. `id` is the asked one. */
export const fullArtist = (artist: Artist, id: string): object => ({
  ...reference('artist', id),
  name: artist.name,
  followers: { href: null, total: artist.followers },
  genres: artist.genres,
  images: images(id),
  popularity: artist.popularity,
});

const variousArtists = { ...reference('artist', 'SandboxVariousArtists0'), name: 'Various Artists' };

/** An album as tracks carry it: no label, copyrights, UPC or popularity (providers' documented trap). */
export function simplifiedAlbum(album: Album, name: string, id: string = album.id): object {
  return {
    ...reference('album', id),
    album_type: album.type,
    total_tracks: album.size,
    name,
    release_date: album.released,
    release_date_precision: album.precision,
    images: images(id),
    artists: [album.artist === null ? variousArtists : simplifiedArtist(album.artist)],
    available_markets: [],
  };
}

/** A track as the track endpoints answer it, under the id that was asked. */
export function fullTrack(recording: Recording, id: string): object {
  return {
    ...simplifiedTrack(recording, id),
    album: simplifiedAlbum(recording.album, recording.albumName),
    external_ids: recording.isrc === null ? {} : { isrc: recording.isrc },
    popularity: recording.popularity,
  };
}

function simplifiedTrack(recording: Recording, id: string): object {
  return {
    ...reference('track', id),
    name: recording.title,
    duration_ms: recording.durationMs,
    explicit: recording.explicit,
    disc_number: 1,
    track_number: recording.trackNumber,
    is_local: false,
    preview_url: null,
    artists: recording.artists.map(simplifiedArtist),
    available_markets: [],
  };
}

/** An album with label, copyrights, UPC and its tracks. `id` is the asked one. */
export function fullAlbum(catalogue: Catalogue, album: Album, id: string): object {
  const tracks = catalogue.albumTracks(album.number);
  const name = album.name ?? tracks[0]?.recording.title ?? '';
  const owner = album.label === '' ? [] : ['C', 'P'].map((type) => ({ type, text: `${album.year} ${album.label}` }));
  return {
    ...simplifiedAlbum(album, name, id),
    copyrights: owner,
    external_ids: { upc: album.upc },
    genres: [],
    label: album.label,
    popularity: album.popularity,
    tracks: {
      href: `https://api.spotify.com/v1/albums/${id}/tracks`,
      items: tracks.map((track) => simplifiedTrack(track.recording, track.id)),
      limit: 50,
      next: null,
      offset: 0,
      previous: null,
      total: tracks.length,
    },
  };
}

/** The audio features of a recording under the asked id, or null when there are none. */
export function audioFeatures(catalogue: Catalogue, recording: Recording, id: string): object | null {
  if (recording.has('withoutAudioFeatures')) return null;
  return {
    ...catalogue.features(recording.number),
    type: 'audio_features',
    id,
    uri: `spotify:track:${id}`,
    track_href: `https://api.spotify.com/v1/tracks/${id}`,
    analysis_url: `https://api.spotify.com/v1/audio-analysis/${id}`,
    duration_ms: recording.durationMs,
  };
}
