import { albumSize, albumYear } from './albums.ts';
import { draw } from './draw.ts';
import { albumCount, artistCount, fromIsrc, fromSongCode, placesPerAlbum, workSpace, writerCount } from './numbers.ts';
import { isRecording } from './recordings.ts';
import { has } from './traits.ts';
import type { World } from './world.ts';

/** From identifiers to the numbers of the catalogue. Null: the identifier is malformed, or the catalogue has no such thing. */
export type Resolver = {
  /** The recording of any 22-character base62 track id. */
  track(id: string): number | null;
  /** The track id the catalogue itself gives a recording. */
  trackId(recording: number): string;
  /** The recording of any well-formed ISRC; one not made here stands for a recording by its hash. */
  isrc(isrc: string): number | null;
  album(id: string): number | null;
  artist(id: string): number | null;
  recordingsOfAlbum(album: number): readonly number[];
  songCode(code: string): { work: number; registration: 0 | 1 } | null;
  /** What a MusicBrainz identifier names; unknown ones are null. */
  mbRecording(mbid: string): number | null;
  mbWork(mbid: string): number | null;
  mbArtist(mbid: string): { kind: 'writer' | 'band'; number: number } | null;
  mbRecordingId(recording: number): string;
};

const spotifyId = /^[0-9A-Za-z]{22}$/;
const isrcForm = /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/;
/** Ids that tests and the web player's cases name; they stand for a recording without any awkward trait. */
export const plainId = /^LinernotesCase\d{8}$/;
const awkward = [
  'unknownToSpotify',
  'withoutIsrc',
  'withoutAudioFeatures',
  'withoutCredits',
  'regionRestricted',
  'withoutPlayCount',
  'withoutMlcMatch',
  'withoutMusicBrainz',
  'withoutMusicBrainzWork',
  'unknownToChartmetric',
  'flatCredits',
] as const;

/** Makes the resolver of a world. */
export function resolverOf(world: World): Resolver {
  const { seal } = world;
  const hashed = (key: string): number => {
    const subject = world.draw('foreign', key);
    const album = subject.below(albumCount, 'album');
    return album * placesPerAlbum + subject.below(albumSize(world, album), 'place');
  };
  const plain = (key: string): number => {
    let number = hashed(key);
    for (let turn = 1; awkward.some((trait) => has(world.draw('recording', number), trait)); turn += 1) {
      number = hashed(`${key} ${turn}`);
    }
    return number;
  };
  const within = (value: number | null, limit: number): number | null =>
    value !== null && value < limit ? value : null;
  return {
    track: (id) => {
      if (!spotifyId.test(id)) return null;
      const own = seal.fromBase62('track', id);
      if (own !== null && isRecording(world, own)) return own;
      return plainId.test(id) ? plain(id) : hashed(id);
    },
    trackId: (recording) => seal.toBase62('track', recording),
    isrc: (isrc) => (isrcForm.test(isrc) ? (ownIsrc(world, isrc) ?? hashed(isrc)) : null),
    album: (id) => {
      if (!spotifyId.test(id)) return null;
      return (
        within(seal.fromBase62('album', id), albumCount) ??
        draw(world.seed, 'foreign album', id).below(albumCount, 'album')
      );
    },
    artist: (id) => {
      if (!spotifyId.test(id)) return null;
      return (
        within(seal.fromBase62('artist', id), artistCount) ??
        draw(world.seed, 'foreign artist', id).below(artistCount, 'artist')
      );
    },
    recordingsOfAlbum: (album) =>
      Array.from({ length: albumSize(world, album) }, (_, place) => album * placesPerAlbum + place),
    songCode: (code) => fromSongCode(code),
    mbRecording: (mbid) => {
      const number = seal.fromUuid('mb-recording', mbid);
      return number !== null && isRecording(world, number) ? number : null;
    },
    mbRecordingId: (recording) => seal.toUuid('mb-recording', recording),
    mbWork: (mbid) => within(seal.fromUuid('mb-work', mbid), workSpace),
    mbArtist: (mbid) => {
      const writer = within(seal.fromUuid('mb-writer', mbid), writerCount);
      if (writer !== null) return { kind: 'writer', number: writer };
      const band = within(seal.fromUuid('mb-band', mbid), artistCount);
      return band === null ? null : { kind: 'band', number: band };
    },
  };
}

/** The recording whose ISRC this is, if the catalogue gave it out. */
function ownIsrc(world: World, isrc: string): number | null {
  const parts = fromIsrc(isrc);
  if (parts === null || !isRecording(world, parts.recording)) return null;
  return albumYear(world, Math.floor(parts.recording / placesPerAlbum)) % 100 === parts.year ? parts.recording : null;
}
