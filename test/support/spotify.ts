import type { Http, HttpAnswer, HttpRequest } from '#providers/http.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { type SpotifyClient, type SpotifyConfig, spotifyClient } from '#providers/spotify/client.ts';
import type { AlbumFacts, ArtistFacts, TrackFacts } from '#providers/spotify/facts.ts';
import type { Failure } from '#stream/failure.ts';
import type { AudioFeatures } from '#track/facts.ts';
import { anAnswer, fakeHttp, providerPorts } from './providers.ts';

/** A Spotify id that ends in the given digits. */
export const spotifyId = (n = 1): string => `linernotesThing${String(n).padStart(7, '0')}`;

export const ALBUM = spotifyId(801);
export const ARTIST = spotifyId(901);

/** A track as the Web API answers it. */
export const wireTrackOf = (id: string, over: Record<string, unknown> = {}) => ({
  id,
  name: `Track ${id.slice(-2)}`,
  artists: [{ id: ARTIST, name: 'Ada Example' }],
  album: {
    id: ALBUM,
    name: 'Example Album',
    release_date: '2019-02',
    release_date_precision: 'month',
    images: [
      { url: 'small', width: 64 },
      { url: 'large', width: 640 },
    ],
    available_markets: ['DE'],
  },
  external_ids: { isrc: 'us-um7-19-00764' },
  popularity: 0,
  duration_ms: 178_626,
  explicit: false,
  disc_number: 1,
  track_number: 3,
  available_markets: ['DE'],
  ...over,
});

export const someCore: TrackFacts['core'] = {
  answeredId: spotifyId(),
  name: 'Track 01',
  isrc: 'USUM71900764',
  artists: [{ id: ARTIST, name: 'Ada Example' }],
  albumId: ALBUM,
  albumName: 'Example Album',
  releaseDate: { value: '2019-02', precision: 'month' },
  durationMs: 178_626,
  explicit: false,
  discNumber: 1,
  trackNumber: 3,
  imageUrl: 'large',
};

export const someAlbum: AlbumFacts['album'] = {
  id: ALBUM,
  name: 'Example Album',
  type: 'album',
  label: 'Example Records',
  upc: '00602577419683',
  copyrights: ['2019 Example Records'],
  totalTracks: 12,
  popularity: 60,
  releaseDate: { value: '2019-02', precision: 'month' },
};

export const someArtist: ArtistFacts['artist'] = {
  id: ARTIST,
  name: 'Ada Example',
  genres: [],
  followers: 3_000_000_000,
  popularity: 70,
};

export const someFeatures: AudioFeatures = {
  acousticness: 0.1,
  danceability: 0.2,
  energy: 0.3,
  instrumentalness: 0,
  liveness: 0.4,
  speechiness: 0.5,
  valence: 0.6,
  loudness: -5.5,
  tempo: 120.5,
  key: -1,
  mode: 1,
  timeSignature: 4,
};

export const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => spotifyId(n));

/** The ids that a batch asks for. */
export const idsAsked = ({ url }: HttpRequest): readonly string[] =>
  (new URL(url).searchParams.get('ids') ?? '').split(',');

/** A client of a scripted network. */
export const scriptedClient = (
  http: Http,
  over: Partial<ProviderPorts> = {},
  config: Partial<SpotifyConfig> = {},
): SpotifyClient =>
  spotifyClient(
    {
      apiUrl: 'https://api.example.org',
      accountsUrl: 'https://accounts.example.org',
      clientId: 'id',
      clientSecret: 'secret',
      lingerMs: { live: 0, replay: 0 },
      ...config,
    },
    providerPorts(http, over),
  );

/** The Web API with a function for everything but the token; each new token has another name. */
export function scriptedWebApi(respond: (request: HttpRequest) => HttpAnswer | Failure) {
  let issued = 0;
  return fakeHttp((request) => {
    if (!request.url.endsWith('/api/token')) return respond(request);
    issued += 1;
    const access_token = issued === 1 ? 'token' : `token-${issued}`;
    return anAnswer({ access_token, token_type: 'Bearer', expires_in: 3600 });
  });
}
