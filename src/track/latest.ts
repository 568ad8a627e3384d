import type { z } from 'zod';
import { audioFeatures, releaseDate } from './facts.ts';
import { fetchMethod, playlist } from './raw.ts';
import { reports } from './report.ts';
import { sections } from './sections/sections.ts';
import { as, flag, list, maybe, moment, record, symbols, text, whole } from './shapes.ts';
import { summary } from './summary.ts';

/** A value of the raw part with the moment of the observation it comes from: of two, the later counts. */
const observed = <Value extends z.ZodType>(name: string, value: Value) =>
  record(name, 'A value that a producer saw, and when.', {
    value: as(value, 'The value as given.'),
    at: moment('When it was seen.'),
  });

const seenText = observed('ObservedText', text('Text.'));
const seenTexts = observed('ObservedTexts', list(text('One value.'), 'Values in order.'));
const seenCount = observed('ObservedCount', whole('Whole number.'));
const seenFlag = observed('ObservedFlag', flag('Yes or no.'));
const seenDate = observed('ObservedDate', releaseDate);
const seenFeatures = observed('ObservedAudioFeatures', audioFeatures);

const rawRegisters = record('RawRegisters', 'Of each raw field the latest observation that has a value.', {
  name: maybe(seenText, 'Track name.'),
  artists: maybe(seenTexts, 'Artist names.'),
  isrc: maybe(seenText, 'ISRC.'),
  label: maybe(seenText, 'Record label.'),
  releaseDate: maybe(seenDate, 'Release date of the album.'),
  albumId: maybe(seenText, 'Spotify album id.'),
  albumName: maybe(seenText, 'Album name.'),
  durationMs: maybe(seenCount, 'Length in milliseconds.'),
  explicit: maybe(seenFlag, 'Marked explicit.'),
  popularity: maybe(seenCount, 'Spotify popularity, 0 to 100.'),
  audioFeatures: maybe(seenFeatures, 'Audio features.'),
});

const sighting = record('Sighting', 'One time that the track was seen.', {
  runId: text('The run by which it was.'),
  observedAt: moment('When the playlist was read.'),
  fetchMethod: as(fetchMethod, 'How the playlist was read.'),
  playlist: maybe(as(playlist, 'Where it was seen; null for a track sent on its own.')),
});

/** More sightings than these make a value too large; the newest say where the track stands. */
export const MOST_SIGHTINGS = 500;

/** The value of `tracks.latest`: what the read model says of a track, so that a reader may begin here and follow the events from then on. */
export const latestTrack = record('LatestTrack', 'All that is known of a track, merged from all its events.', {
  trackId: text('Spotify track id, 22 characters; also the key of the message.'),
  raw: as(rawRegisters, 'What producers saw, field by field.'),
  sightings: list(sighting, `Where and when it was seen, the newest first, at most ${MOST_SIGHTINGS}.`),
  sightingCount: whole('How many sightings there are in all.'),
  sections: as(sections, 'What the phases know.'),
  reports: as(reports, 'How the phases ended.'),
  summary: as(summary, 'The effective values.'),
  status: symbols('TrackStatus', 'Where the track stands.', ['complete', 'in_flight', 'dead_lettered']),
  degraded: flag('True when a phase gave up.'),
  firstSeenAt: moment('Broker time of its earliest record.'),
  completeAt: maybe(moment('Broker time of its first arrival on tracks.complete; null before.')),
  updatedAt: moment('Broker time of its latest record.'),
});

export type LatestTrack = z.infer<typeof latestTrack>;
