import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Recording } from '../catalogue/recordings.ts';
import { folded } from '../catalogue/search.ts';
import { type MbArtist, mbArtist } from './shapes.ts';

/** A recording MusicBrainz has; `linked` tells whether its work is entered. */
export type MbRecording = { mbid: string; recording: Recording; linked: boolean };

/** The catalogue as MusicBrainz knows it, by its own keys. */
export type Entities = {
  recordingsOf(isrc: string): readonly MbRecording[];
  recording(mbid: string): MbRecording | null;
  /** The recording whose link to Spotify this is. */
  recordingLinked(url: string): MbRecording | null;
  artistsNamed(name: string): readonly MbArtist[];
  artistWithIpi(ipi: string): MbArtist | null;
  /** Artists whose link this is, with the link. */
  linked(url: string): readonly { artist: MbArtist; type: string; ended: boolean }[];
};

const TRACK = /^https:\/\/open\.spotify\.com\/track\/([0-9A-Za-z]{22})$/;

/** Makes the view of a catalogue. */
export function entitiesOf(catalogue: Catalogue): Entities {
  const seen = (number: number): MbRecording | null => {
    const recording = catalogue.recording(number);
    if (recording.has('withoutMusicBrainz')) return null;
    const mbid = catalogue.resolve.mbRecordingId(number);
    return { mbid, recording, linked: !recording.has('withoutMusicBrainzWork') };
  };
  const artists = (mbids: readonly (string | null)[]): readonly MbArtist[] =>
    mbids.map((mbid) => (mbid === null ? null : mbArtist(catalogue, mbid))).filter((artist) => artist !== null);
  return {
    recordingsOf: (isrc) => {
      const number = catalogue.resolve.isrc(isrc);
      const found = number === null ? null : seen(number);
      return found === null ? [] : [found];
    },
    recording: (mbid) => {
      const number = catalogue.resolve.mbRecording(mbid);
      return number === null ? null : seen(number);
    },
    recordingLinked: (url) => {
      const number = catalogue.resolve.track(TRACK.exec(url)?.[1] ?? '');
      const found = number === null ? null : seen(number);
      return found === null || found.recording.has('withoutSpotifyLink') ? null : found;
    },
    artistsNamed: (name) =>
      artists([
        ...catalogue.search.writersNamed(folded(name)).map((number) => catalogue.writer(number).mbid),
        ...catalogue.search.bandsNamed(folded(name)).map((number) => catalogue.artist(number).mbid),
      ]),
    artistWithIpi: (ipi) => {
      const number = catalogue.search.writerWithIpi(ipi);
      const [artist] = number === null ? [] : artists([catalogue.writer(number).mbid]);
      return artist?.ipis.includes(ipi) ? artist : null;
    },
    linked: (url) =>
      artists(owners(catalogue, url)).flatMap((artist) =>
        artist.links.filter((link) => link.url === url).map(({ type, ended }) => ({ artist, type, ended })),
      ),
  };
}

/** Whose link an address can be: each carries the number of its owner, or the artist's Spotify id. */
function owners(catalogue: Catalogue, url: string): readonly (string | null)[] {
  const handle = /linernotes-sandbox-([wb])(\d+)$/.exec(url);
  if (handle !== null) return [mbidOf(catalogue, handle[1] === 'w', Number(handle[2]))];
  const number = /(9[05]\d{8})$/.exec(url)?.[1];
  if (number !== undefined) return [mbidOf(catalogue, number.startsWith('90'), Number(number.slice(2)))];
  const spotify = /open\.spotify\.com\/artist\/([0-9A-Za-z]{22})$/.exec(url)?.[1];
  const artist = spotify === undefined ? null : catalogue.resolve.artist(spotify);
  return artist === null ? [] : [catalogue.artist(artist).mbid];
}

function mbidOf(catalogue: Catalogue, writer: boolean, number: number): string | null {
  if (writer) return number < 8_000 ? catalogue.writer(number).mbid : null;
  return number < 10_000 ? catalogue.artist(number).mbid : null;
}
