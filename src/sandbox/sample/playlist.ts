import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Trait } from '../catalogue/traits.ts';
import { fullTrack } from '../spotify/shapes.ts';

/** Traits the sample shows at least once, in this order, whatever the dice say. */
const shown: readonly Trait[] = [
  'unknownToSpotify',
  'withoutIsrc',
  'withoutCredits',
  'regionRestricted',
  'withoutPlayCount',
  'hugePlays',
  'zeroPlays',
  'withoutMlcMatch',
  'severalWorks',
  'disputed',
  'selfPublished',
  'unsigned',
  'unknownToChartmetric',
  'yearOnlyDate',
];

const person = {
  id: 'linernotes-sandbox',
  type: 'user',
  uri: 'spotify:user:linernotes-sandbox',
  display_name: 'Sandbox',
};

/**
 * The playlist that ships with the project, in the Web API's shape: 100 different tracks of the catalogue at 106
 * positions, with two episodes, a local file and a vanished track (null) between them. Some tracks are whole, others
 * carry as little as an older export would.
 */
export function samplePlaylist(catalogue: Catalogue): object {
  const special = shown.map((trait) => catalogue.find.track(trait, 2));
  const usual = catalogue.find.lifelike(120).filter((id) => !special.includes(id));
  // Every seventh is a special one, from the fifth on: a newcomer's first sight is a track with nothing amiss.
  const ids = Array.from({ length: 100 }, (_, index) =>
    index % 7 === 5 ? (special[(index - 5) / 7] ?? '') : (usual[index] ?? ''),
  );
  const tracks = ids.map((id, index) => shapeOf(catalogue, id, index));
  const repeated = [3, 17, 17, 42, 58, 99].map((index) => tracks[index]);
  const played = [...tracks.slice(0, 60), ...repeated.slice(0, 3), ...tracks.slice(60), ...repeated.slice(3)];
  const items = [
    ...played.slice(0, 11),
    episode('SandboxEpisode00000001', 'Sandbox episode: how a song is registered'),
    ...played.slice(11, 30),
    localFile,
    ...played.slice(30, 77),
    null,
    ...played.slice(77),
    episode('SandboxEpisode00000002', 'Sandbox episode: who owns a recording'),
  ];
  return {
    id: 'SandboxSamplePlaylist0',
    type: 'playlist',
    uri: 'spotify:playlist:SandboxSamplePlaylist0',
    name: 'Sandbox sample: a hundred made-up tracks',
    description: 'Sandbox data. Every name in it is invented; the identifiers mean nothing outside the sandbox.',
    snapshot_id: 'c2FuZGJveC1zYW1wbGUtMQ',
    collaborative: false,
    public: true,
    owner: person,
    external_urls: { spotify: 'https://open.spotify.com/playlist/SandboxSamplePlaylist0' },
    followers: { href: null, total: 0 },
    images: [],
    tracks: {
      href: 'https://api.spotify.com/v1/playlists/SandboxSamplePlaylist0/tracks',
      limit: items.length,
      next: null,
      offset: 0,
      previous: null,
      total: items.length,
      items: items.map((track, index) => ({
        added_at: `2025-${String((index % 12) + 1).padStart(2, '0')}-${String((index % 28) + 1).padStart(2, '0')}T08:00:00Z`,
        added_by: person,
        is_local: track === localFile,
        track,
      })),
    },
  };
}

/** Two of three tracks know what the Web API told, the third lacks ISRC, popularity and date, as old exports do. */
function shapeOf(catalogue: Catalogue, id: string, index: number): object {
  const recording = catalogue.recording(catalogue.resolve.track(id) ?? 0);
  const whole = fullTrack(recording, id);
  if (index % 3 !== 2) return whole;
  return {
    id,
    type: 'track',
    uri: `spotify:track:${id}`,
    name: recording.title,
    is_local: false,
    artists: recording.artists.map(({ name }) => ({ name })),
    album: { name: recording.albumName },
  };
}

const episode = (id: string, name: string): object => ({
  id,
  type: 'episode',
  uri: `spotify:episode:${id}`,
  name,
  duration_ms: 1_800_000,
  is_local: false,
  artists: [],
});

const localFile = {
  id: null,
  type: 'track',
  uri: 'spotify:local:Sandbox+Artist::Home+recording:210',
  name: 'Home recording',
  duration_ms: 210_000,
  is_local: true,
  artists: [{ id: null, name: 'Sandbox Artist', type: 'artist', uri: null }],
  album: { id: null, name: '', images: [] },
  external_ids: {},
  popularity: 0,
};
