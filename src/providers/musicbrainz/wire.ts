import { z } from 'zod';

/**
 * The answers of MusicBrainz WS/2 (`fmt=json`), as far as they are used. Shapes: `metabrainz/mb-solr` for searches,
 * `metabrainz/musicbrainz-server` for lookups.
 */
const named = z.object({ id: z.string(), name: z.string() });

const page = { count: z.int(), offset: z.int() };

export const recordingDocument = z.object({
  id: z.string(),
  title: z.string(),
  length: z.int().nullish(),
  isrcs: z.array(z.string()).default([]),
  'artist-credit': z.array(z.object({ name: z.string(), artist: named })).default([]),
});

export const workDocument = z.object({
  id: z.string(),
  title: z.string(),
  iswcs: z.array(z.string()).default([]),
  relations: z
    .array(
      z.object({
        type: z.string(),
        artist: named.optional(),
        recording: z.object({ id: z.string() }).optional(),
      }),
    )
    .default([]),
});

export const artistDocument = z.object({
  ...named.shape,
  score: z.int().nullish(),
  ipis: z.array(z.string()).default([]),
  aliases: z.array(z.object({ name: z.string() })).default([]),
});

/** The URL search nests its relations once more than lookups do, and says nothing of ended ones. */
export const urlDocument = z.object({
  id: z.string(),
  resource: z.string(),
  'relation-list': z
    .array(z.object({ relations: z.array(z.object({ type: z.string(), artist: named.optional() })) }))
    .default([]),
});

/** A URL as the lookup gives it, with the `ended` flags. */
export const urlEntity = z.object({
  resource: z.string(),
  relations: z
    .array(z.object({ type: z.string(), ended: z.boolean().default(false), artist: named.optional() }))
    .default([]),
});

export const recordingSearch = z.object({ ...page, recordings: z.array(recordingDocument) });
export const workSearch = z.object({ ...page, works: z.array(workDocument) });
export const artistSearch = z.object({ ...page, artists: z.array(artistDocument) });
export const urlSearch = z.object({ ...page, urls: z.array(urlDocument) });
/** Several resources answer a list; one alone answers the URL itself. */
export const urlLookup = z.union([z.object({ urls: z.array(urlEntity) }), urlEntity]);

export type RecordingDocument = z.infer<typeof recordingDocument>;
export type WorkDocument = z.infer<typeof workDocument>;
export type ArtistDocument = z.infer<typeof artistDocument>;
export type UrlDocument = z.infer<typeof urlDocument>;
export type UrlEntity = z.infer<typeof urlEntity>;
