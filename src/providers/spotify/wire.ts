import { z } from 'zod';

/**
 * What an answer of the Spotify Web API must have to be believed. Unknown keys stay; keys that an account may not be given are
 * optional (fields removed for development-mode apps in February 2026). Bulky lists that nobody reads are not kept.
 */

const externalIds = z.looseObject({ isrc: z.string().nullish(), upc: z.string().nullish(), ean: z.string().nullish() });
const image = z.looseObject({ url: z.string(), width: z.number().nullish() });

const without =
  (...names: readonly string[]) =>
  <Value extends object>(value: Value): Value =>
    Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) as Value;

const simpleAlbum = z
  .looseObject({
    id: z.string().nullish(),
    name: z.string(),
    release_date: z.string().nullish(),
    release_date_precision: z.string().nullish(),
    images: z.array(image).nullish(),
  })
  .transform(without('available_markets'));

export const wireTrack = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    artists: z.array(z.looseObject({ id: z.string().nullish(), name: z.string() })),
    album: simpleAlbum,
    external_ids: externalIds.nullish(),
    popularity: z.int().nullish(),
    duration_ms: z.int().nullish(),
    explicit: z.boolean().nullish(),
    disc_number: z.int().nullish(),
    track_number: z.int().nullish(),
  })
  .transform(without('available_markets'));

export const wireAlbum = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    album_type: z.string().nullish(),
    label: z.string().nullish(),
    popularity: z.int().nullish(),
    total_tracks: z.int().nullish(),
    release_date: z.string().nullish(),
    release_date_precision: z.string().nullish(),
    external_ids: externalIds.nullish(),
    copyrights: z.array(z.looseObject({ text: z.string() })).nullish(),
  })
  .transform(without('available_markets', 'tracks'));

export const wireArtist = z.looseObject({
  id: z.string(),
  name: z.string(),
  genres: z.array(z.string()).nullish(),
  followers: z.looseObject({ total: z.int().nullish() }).nullish(),
  popularity: z.int().nullish(),
});

export const wireFeatures = z.looseObject({
  acousticness: z.number(),
  danceability: z.number(),
  energy: z.number(),
  instrumentalness: z.number(),
  liveness: z.number(),
  speechiness: z.number(),
  valence: z.number(),
  loudness: z.number(),
  tempo: z.number(),
  key: z.int(),
  mode: z.int(),
  time_signature: z.int(),
});

export type WireTrack = z.infer<typeof wireTrack>;
export type WireAlbum = z.infer<typeof wireAlbum>;
export type WireArtist = z.infer<typeof wireArtist>;
export type WireFeatures = z.infer<typeof wireFeatures>;
