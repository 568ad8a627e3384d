import { type Catalogue, createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import type { RawTrack } from '#track/raw.ts';
import { type Asked, knownSections } from './known-sections.ts';

/** Different recordings; more tracks than these share them under ids of their own. */
const RECORDINGS = 1_000;
const HOUR = 3_600_000;

/** The sandbox gives such ids a recording that has everything: an ISRC, credits, a registered work, links, statistics. */
const idOf = (n: number): string => `LinernotesCase${String(n).padStart(8, '0')}`;

/**
 * Raw tracks of which every part is known and an hour old, so that no phase has anything to ask.
 * @param now the clock, milliseconds since the epoch
 * @returns the track of a number: the same one each time
 */
export function knownTracks(runId: string, now: number): (n: number) => RawTrack {
  const catalogue = createCatalogue();
  const at = now - HOUR;
  const recordings = Array.from({ length: RECORDINGS }, (_, n) => {
    const number = catalogue.resolve.track(idOf(n));
    if (number === null) throw new Error(`The catalogue has no recording for ${idOf(n)}.`);
    return catalogue.recording(number);
  });
  return (n) => {
    const recording = recordings[n % RECORDINGS];
    if (recording === undefined) throw new Error(`There is no track ${n}.`);
    const asked = { trackId: idOf(n), isrc: `QZLNT${String(n).padStart(7, '0')}`, at };
    return knownTrack(catalogue, recording, asked, { runId, position: n });
  };
}

/** A raw track of which every part is known, as of the moment that all of it was asked. */
export function knownTrack(
  catalogue: Catalogue,
  recording: Recording,
  asked: Asked,
  { runId, position }: { readonly runId: string; readonly position: number },
): RawTrack {
  return {
    track: asked.trackId,
    name: recording.title,
    artists: recording.artists.map(({ name }) => name),
    isrc: asked.isrc,
    label: recording.album.label,
    releaseDate: { value: recording.album.released, precision: recording.album.precision },
    albumId: recording.album.id,
    albumName: recording.albumName,
    durationMs: recording.durationMs,
    explicit: recording.explicit,
    popularity: recording.popularity,
    audioFeatures: null,
    playlist: {
      id: '37i9dQZF1DXcBWIGoYBM5M',
      name: 'All known already',
      snapshotId: runId,
      positions: [position],
      url: 'https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M',
      curator: 'linernotes',
      isEditorial: false,
    },
    fetchMethod: 'spotify_api',
    observedAt: asked.at,
    runId,
    runTotal: null,
    prior: knownSections(catalogue, recording, asked),
  };
}
