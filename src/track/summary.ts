import type { z } from 'zod';
import { audioFeatures, releaseDate } from './facts.ts';
import { publisherStatus } from './sections/publishing.ts';
import { as, flag, fraction, list, maybe, moment, record, text, whole } from './shapes.ts';

/** A value with where and when it came from. Every field of the summary is one of these, or null. */
const resolved = <Value extends z.ZodType>(name: string, value: Value) =>
  record(name, 'A resolved value with source and date.', {
    value: as(value, 'The effective value.'),
    source: text('Where it came from: raw, or provider and part, for example spotify.core.'),
    at: moment('When that source was asked or observed.'),
  });

const resolvedText = resolved('ResolvedText', text('Text.'));
const resolvedTexts = resolved('ResolvedTexts', list(text('One value.'), 'Values in order.'));
const resolvedFlag = resolved('ResolvedFlag', flag('Yes or no.'));
const resolvedCount = resolved('ResolvedCount', whole('Whole number.'));
const resolvedFraction = resolved('ResolvedFraction', fraction('Fraction.'));
const resolvedDate = resolved('ResolvedDate', releaseDate);
const resolvedFeatures = resolved('ResolvedAudioFeatures', audioFeatures);
const resolvedStatus = resolved('ResolvedStatus', publisherStatus);

export const disagreement = record('Disagreement', 'A value that was not taken, from a source that says otherwise.', {
  field: text('Field of the summary.'),
  value: text('The other value as text; several values are separated by "; ".'),
  source: text('Where it came from.'),
  at: moment('When that source was asked or observed.'),
});

/** The effective values of a finished track. */
export const summary = record('Summary', 'The effective values of the track, each with source and date.', {
  name: maybe(resolvedText, 'Track name.'),
  artists: maybe(resolvedTexts, 'Artist names.'),
  isrc: maybe(resolvedText, 'ISRC.'),
  label: maybe(resolvedText, 'Record label.'),
  releaseDate: maybe(resolvedDate, 'Release date.'),
  albumName: maybe(resolvedText, 'Album name.'),
  durationMs: maybe(resolvedCount, 'Length in milliseconds.'),
  explicit: maybe(resolvedFlag, 'Marked explicit.'),
  popularity: maybe(resolvedCount, 'Spotify popularity, 0 to 100.'),
  streams: maybe(resolvedCount, 'All-time Spotify streams.'),
  streamsWeeklyChange: maybe(
    resolvedCount,
    'Streams gained in a week, reckoned from two measurements at least a day apart.',
  ),
  streamsWeeklyChangePercent: maybe(resolvedFraction, 'The same in percent of the earlier count.'),
  genres: maybe(resolvedTexts, 'Genres.'),
  artistFollowers: maybe(resolvedCount, 'Followers of the first artist.'),
  writers: maybe(resolvedTexts, 'Songwriters: writers, composers and lyricists.'),
  producers: maybe(resolvedTexts, 'Producers.'),
  performers: maybe(resolvedTexts, 'Performers.'),
  publishers: maybe(resolvedTexts, 'Publishers.'),
  publisherStatus: maybe(resolvedStatus, 'Publisher status.'),
  iswc: maybe(resolvedText, 'ISWC.'),
  trackStage: maybe(resolvedText, 'Chartmetric track stage.'),
  playlistReach: maybe(resolvedCount, 'Followers of the playlists that hold the track.'),
  youtubeViews: maybe(resolvedCount, 'YouTube views.'),
  audioFeatures: maybe(resolvedFeatures, 'Audio features.'),
  disagreements: list(disagreement, 'What other sources say otherwise; measurements are not compared.'),
});

export type Disagreement = z.infer<typeof disagreement>;
export type Summary = z.infer<typeof summary>;
