import { z } from 'zod';

/**
 * The answers of the Chartmetric API, as far as they are used; fields that nobody here knows are kept. Nulls are common, and
 * numbers can arrive as strings. Sources: the public API documentation and live answers of `GET /api/track/{id}`.
 */
const numeric = z.union([z.number(), z.string()]).nullish();
const words = z.string().nullish();
/** Lists hold texts or objects with a name; an old field of tags is one text with commas. */
const names = z.union([z.string(), z.array(z.union([z.string(), z.looseObject({ name: z.string() })]))]).nullish();

/** What `get-ids` says under `obj`, one element a recording. */
export const idsAnswer = z.array(z.looseObject({ isrc: words, chartmetric_ids: z.array(z.int()).nullish() })).min(1);

const diffs = z.looseObject({ sp_streams: numeric }).nullish();

const statistics = z
  .looseObject({
    score: numeric,
    sp_streams: numeric,
    sp_popularity: numeric,
    num_sp_playlists: numeric,
    num_sp_editorial_playlists: numeric,
    sp_playlist_total_reach: numeric,
    youtube_views: numeric,
    shazam_counts: numeric,
    tiktok_counts: numeric,
    weekly_diff: diffs,
    weekly_diff_percent: diffs,
  })
  .nullish();

/** What `GET /api/track/{id}` says under `obj`. */
export const trackAnswer = z.looseObject({
  id: z.int(),
  name: words,
  isrc: words,
  tags: words,
  score: numeric,
  track_stage: words,
  career_health: words,
  genres: names,
  moods: names,
  activities: names,
  songwriters: names,
  album_label: words,
  release_date: words,
  albums: z.array(z.looseObject({ label: words })).nullish(),
  cm_statistics: statistics,
});

export type IdsAnswer = z.infer<typeof idsAnswer>;
export type TrackAnswer = z.infer<typeof trackAnswer>;
export type Numeric = z.infer<typeof numeric>;
export type Names = z.infer<typeof names>;
