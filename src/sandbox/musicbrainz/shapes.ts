import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Link } from '../catalogue/links.ts';
import type { Recording } from '../catalogue/recordings.ts';
import type { Part, Work } from '../catalogue/works.ts';
import { urlId } from './url-id.ts';

/** An artist of MusicBrainz: a writer or a band that has an MBID. */
export type MbArtist = {
  mbid: string;
  name: string;
  sortName: string;
  person: boolean;
  ipis: readonly string[];
  links: readonly Link[];
};

/** The artist of an MBID, or null when it names none. */
export function mbArtist(catalogue: Catalogue, mbid: string): MbArtist | null {
  const found = catalogue.resolve.mbArtist(mbid);
  if (found === null) return null;
  if (found.kind === 'band') {
    const band = catalogue.artist(found.number);
    if (band.mbid === null) return null;
    return { mbid, name: band.name, sortName: band.name, person: false, ipis: [], links: catalogue.linksOfBand(band) };
  }
  const writer = catalogue.writer(found.number);
  if (writer.mbid === null) return null;
  const { full, first, last } = writer.name;
  const sortName = first === '' ? last : `${last}, ${first}`;
  // MusicBrainz lacks the IPI of every third writer who has one.
  const ipis = writer.ipi === null || writer.number % 3 === 0 ? [] : [writer.ipi];
  return { mbid, name: full, sortName, person: true, ipis, links: catalogue.linksOfWriter(writer) };
}

/** An artist as relations and searches carry it. */
export const artistShape = (artist: MbArtist): object => ({
  id: artist.mbid,
  type: artist.person ? 'Person' : 'Group',
  name: artist.name,
  'sort-name': artist.sortName,
  disambiguation: '',
});

/** The artists of a recording; those without an MBID stand under a made-up one of their own, as names must. */
function creditShape(recording: Recording): readonly object[] {
  const last = recording.artists.length - 1;
  return recording.artists.map(({ number, name, mbid }, index) => ({
    name,
    joinphrase: index === last ? '' : ' feat. ',
    artist: { id: mbid ?? urlId(`artist ${number}`), name, 'sort-name': name },
  }));
}

/** A recording with its credit; `extra` adds what the request asked to include. */
export const recordingShape = (mbid: string, recording: Recording, extra: object = {}): object => ({
  id: mbid,
  title: recording.title,
  length: recording.durationMs,
  disambiguation: '',
  video: false,
  'first-release-date': recording.album.released,
  'artist-credit': creditShape(recording),
  releases: [
    { id: recording.album.mbid, title: recording.albumName, status: 'Official', date: recording.album.released },
  ],
  ...extra,
});

/** A work without its relations. */
export const workShape = (work: Work): object => ({
  id: work.mbid,
  title: work.title,
  type: 'Song',
  iswcs: work.iswc === null ? [] : [work.iswc],
  disambiguation: '',
});

const relationTypes: Readonly<Record<Part, readonly string[]>> = {
  composer: ['composer'],
  lyricist: ['lyricist'],
  'composer-lyricist': ['writer'],
};

/** The writers of a work as artist relations; those who are no MusicBrainz artists are missing. */
export function writerRelations(catalogue: Catalogue, work: Work): readonly object[] {
  return work.writers.flatMap(({ writer, part }) => {
    const artist = writer.mbid === null ? null : mbArtist(catalogue, writer.mbid);
    if (artist === null) return [];
    return relationTypes[part].map((type) => ({
      type,
      direction: 'backward',
      'target-type': 'artist',
      ended: false,
      attributes: [],
      artist: artistShape(artist),
    }));
  });
}

/** The relation of a recording to its work. */
export const performance = (work: object): object => ({
  type: 'performance',
  direction: 'forward',
  'target-type': 'work',
  ended: false,
  attributes: [],
  work,
});
