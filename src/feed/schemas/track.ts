import { z } from 'zod';
import { PHASES } from '#track/phase.ts';
import { REPORT_STATUSES } from '#track/report.ts';
import { publisherStatus } from '#track/sections/publishing.ts';
import { letterItem } from './letter.ts';
import { listQuery } from './wire.ts';

const text = z.string().nullable();
const count = z.int().nullable();
const texts = z.array(z.string());
const moment = z.iso.datetime();

const phaseStatus = z
  .enum(['unknown', ...Object.keys(REPORT_STATUSES)])
  .nullable()
  .describe('How the phase ended; null before it ran.');

/** A track as lists show it. */
export const trackItem = z.object({
  trackId: z.string(),
  name: text,
  artists: texts,
  isrc: text,
  label: text,
  releaseDate: text.describe('As precise as known: YYYY, YYYY-MM or YYYY-MM-DD.'),
  releaseDatePrecision: text,
  albumName: text,
  durationMs: count,
  explicit: z.boolean().nullable(),
  popularity: count,
  streams: count.describe('All-time Spotify streams.'),
  genres: texts,
  artistFollowers: count,
  writers: texts,
  producers: texts,
  performers: texts,
  publishers: texts,
  publisherStatus: text,
  iswc: text,
  trackStage: text,
  playlistReach: count,
  youtubeViews: count,
  status: z.enum(['complete', 'in_flight', 'dead_lettered']),
  degraded: z.boolean().describe('True when a phase gave up; the others went on.'),
  phases: z.object(Object.fromEntries(PHASES.map((phase) => [phase, phaseStatus]))),
  firstSeenAt: moment,
  completeAt: moment.nullable(),
  updatedAt: moment,
});

/** A track's own page: the item, and what it follows from. */
export const trackDetail = trackItem.extend({
  summary: z
    .looseObject({})
    .describe('Every value with source and date; under `disagreements` what other sources say otherwise.'),
  conflicts: z.array(z.looseObject({})).describe('Parts that were asked under a key the track no longer has.'),
  raw: z.looseObject({}).describe('What playlists said of it.'),
  sections: z.looseObject({}).describe('What the phases know, with provider, date and key.'),
  reports: z.looseObject({}).describe('How the phases ended.'),
  appearances: z.array(z.looseObject({})).describe('Where it was seen.'),
  playlists: z.array(z.looseObject({ playlistId: z.string(), positions: z.array(z.int()) })),
  runs: z.array(z.object({ runId: z.string(), place: z.string(), degraded: z.boolean() })),
  letters: z.array(letterItem),
});

const optional = (shape: z.ZodType<string, string>, doc: string) => shape.nullable().default(null).describe(doc);

export const tracksQuery = listQuery.extend({
  playlist: optional(z.string(), 'Playlist id: tracks of its latest snapshot.'),
  run: optional(z.string(), 'Run id: tracks of this run; `status` is then their status in it.'),
  status: z
    .enum(['complete', 'in_flight', 'dead_lettered', 'degraded'])
    .nullable()
    .default(null)
    .describe('Where the track stands; `degraded`: a phase gave up.'),
  publisherStatus: publisherStatus.nullable().default(null).describe('Publisher status.'),
  q: optional(z.string().max(200), 'Part of the name or of an artist’s name; an ISRC; a track id.'),
});
