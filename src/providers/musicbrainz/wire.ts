import { z } from 'zod';

/**
 * The answers of MusicBrainz WS/2 (`fmt=json`), as far as they are used; fields that nobody here knows are kept.
 * Shapes: `metabrainz/mb-solr` for searches, `metabrainz/musicbrainz-server` for lookups.
 */
const named = z.looseObject({ id: z.string(), name: z.string() });

/** The releases are left out: they are most of the bytes of a search, and nothing reads them. */
export const recordingDocument = z
  .looseObject({
    id: z.string(),
    title: z.string(),
    length: z.int().nullish(),
    'artist-credit': z.array(z.looseObject({ name: z.string(), artist: named })).default([]),
    isrcs: z.array(z.string()).default([]),
  })
  .transform(({ releases: _, ...kept }) => kept);

export const workDocument = z.looseObject({
  id: z.string(),
  title: z.string(),
  iswcs: z.array(z.string()).default([]),
  relations: z.array(z.looseObject({ type: z.string(), artist: named.optional() })).default([]),
});

export const artistDocument = z.looseObject({
  ...named.shape,
  ipis: z.array(z.string()).default([]),
  aliases: z.array(z.looseObject({ name: z.string() })).default([]),
});

/** What one key gets of a search: the documents that bear it. */
export const recordingsOfKey = z.object({ documents: z.array(recordingDocument).min(1) });
export const worksOfKey = z.object({ documents: z.array(workDocument).min(1) });
export const artistsOfKey = z.object({ documents: z.array(artistDocument).min(1) });
export const recordingsLinked = z.object({ recordings: z.array(z.string()).min(1) });
export const linksOfKey = z.object({
  links: z.array(z.object({ type: z.string(), url: z.string(), ended: z.boolean() })),
});

/**
 * What of a document says under which keys it was found. These are strict: a document without them could not be told from one
 * that is not there, and an error would become "no such thing".
 */
export const keysOfRecording = z.object({ isrcs: z.array(z.string()) });
export const keyOfEntity = z.object({ id: z.string() });
export const keysOfWork = z.object({
  relations: z.array(z.object({ recording: z.object({ id: z.string() }).optional() })),
});
export const keysOfArtist = z.object({
  name: z.string(),
  ipis: z.array(z.string()).default([]),
  aliases: z.array(z.object({ name: z.string() })).default([]),
});

/** Of a URL search only the addresses are used: its relations do not say whether they have ended. */
export const urlDocument = z.object({ resource: z.string() });

/** A URL as the lookup gives it, with the `ended` flags. */
const urlEntity = z.object({
  resource: z.string(),
  relations: z.array(
    z.object({
      type: z.string(),
      ended: z.boolean(),
      artist: named.optional(),
      recording: z.object({ id: z.string() }).optional(),
    }),
  ),
});

/** Several resources answer a list; one alone answers the URL itself. */
export const urlLookup = z.union([
  z.object({ urls: z.array(urlEntity) }),
  urlEntity.transform((entity) => ({ urls: [entity] })),
]);

export type UrlEntity = z.infer<typeof urlEntity>;
