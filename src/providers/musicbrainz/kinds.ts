import type { z } from 'zod';
import { isrcOf } from '#track/identity.ts';
import { ipiKey, nameKey } from '#track/names.ts';
import type { FoundArtist, FoundRecording, FoundWork, LinkedRecording } from './facts.ts';
import { phrase, term } from './lucene.ts';
import type { SearchKind } from './search-source.ts';
import {
  type artistDocument,
  artistsOfKey,
  keyOfEntity,
  keysOfArtist,
  keysOfRecording,
  keysOfWork,
  type recordingDocument,
  recordingsOfKey,
  type workDocument,
  worksOfKey,
} from './wire.ts';

type RecordingDocument = z.infer<typeof recordingDocument>;
type WorkDocument = z.infer<typeof workDocument>;
type ArtistDocument = z.infer<typeof artistDocument>;

/** Reads the keys a document bears, or `null` when it is not of the shape that says so. */
const keysBy =
  <Keys>(schema: z.ZodType<Keys>, read: (keys: Keys) => readonly (string | null | undefined)[]) =>
  (document: unknown): readonly string[] | null => {
    const keys = schema.safeParse(document);
    return keys.success ? read(keys.data).filter((key) => typeof key === 'string') : null;
  };

const readRecording = ({ id, title, length, 'artist-credit': credit }: RecordingDocument): FoundRecording => ({
  id,
  title,
  lengthMs: length ?? null,
  artists: credit.map(({ name, artist }) => ({ id: artist.id, name })),
});

/**
 * A search that finds more than a page costs a call for each, as two searches would; one that is refused is asked again in halves.
 * Lucene takes about a thousand terms.
 */
const KEYS_A_SEARCH = 100;
/** Names are fuzzy: each finds several artists. */
const NAMES_A_SEARCH = 40;

/** Recordings by ISRC. */
export const recordingsByIsrc: SearchKind<RecordingDocument, readonly FoundRecording[]> = {
  kind: 'recordings-by-isrc',
  entity: 'recording',
  field: 'isrc',
  maxBatch: KEYS_A_SEARCH,
  value: term,
  keysOf: keysBy(keysOfRecording, ({ isrcs }) => isrcs.map(isrcOf)),
  trustsIndex: false,
  wire: recordingsOfKey,
  read: (documents) => documents.map(readRecording),
};

/** Recordings by MBID: what a link only names, with its ISRCs. */
export const recordingsById: SearchKind<RecordingDocument, readonly LinkedRecording[]> = {
  kind: 'recordings-by-id',
  entity: 'recording',
  field: 'rid',
  maxBatch: KEYS_A_SEARCH,
  value: term,
  keysOf: keysBy(keyOfEntity, ({ id }) => [id]),
  trustsIndex: false,
  wire: recordingsOfKey,
  read: (documents) =>
    documents.map((document) => ({
      ...readRecording(document),
      isrcs: document.isrcs.map(isrcOf).filter((isrc) => isrc !== null),
    })),
};

/** Works by recording MBID, with the artists related to them. A work lists its recordings, but a very long list may be cut. */
export const worksByRecording: SearchKind<WorkDocument, readonly FoundWork[]> = {
  kind: 'works-by-recording',
  entity: 'work',
  field: 'rid',
  maxBatch: KEYS_A_SEARCH,
  value: term,
  keysOf: keysBy(keysOfWork, ({ relations }) => relations.map(({ recording }) => recording?.id)),
  trustsIndex: true,
  wire: worksOfKey,
  read: (documents) =>
    documents.map(({ id, title, iswcs, relations }) => ({
      id,
      title,
      iswcs,
      writers: relations.flatMap(({ type, artist }) =>
        artist === undefined ? [] : [{ id: artist.id, name: artist.name, role: type }],
      ),
    })),
};

const readArtists = (documents: readonly ArtistDocument[]): readonly FoundArtist[] =>
  documents.map(({ id, name, ipis, aliases }) => ({ id, name, ipis, aliases: aliases.map((alias) => alias.name) }));

/** Artists by IPI name number, 11 digits. */
export const artistsByIpi: SearchKind<ArtistDocument, readonly FoundArtist[]> = {
  kind: 'artists-by-ipi',
  entity: 'artist',
  field: 'ipi',
  maxBatch: KEYS_A_SEARCH,
  value: term,
  keysOf: keysBy(keysOfArtist, ({ ipis }) => ipis.map(ipiKey)),
  trustsIndex: false,
  wire: artistsOfKey,
  read: readArtists,
};

/** Artists by name key. The search is fuzzy: what bears another name, and no such alias, answers nobody. */
export const artistsByName: SearchKind<ArtistDocument, readonly FoundArtist[]> = {
  kind: 'artists-by-name',
  entity: 'artist',
  field: 'artist',
  maxBatch: NAMES_A_SEARCH,
  value: phrase,
  keysOf: keysBy(keysOfArtist, ({ name, aliases }) => [name, ...aliases.map((alias) => alias.name)].map(nameKey)),
  trustsIndex: false,
  wire: artistsOfKey,
  read: readArtists,
};
