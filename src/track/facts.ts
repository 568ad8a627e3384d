import type { z } from 'zod';
import { fraction, record, symbols, text, whole } from './shapes.ts';

export const releaseDate = record('ReleaseDate', 'A release date as precisely as its source knows it, never padded.', {
  value: text('YYYY, YYYY-MM or YYYY-MM-DD, according to precision.'),
  precision: symbols('DatePrecision', 'How much of the date is known.', ['year', 'month', 'day']),
});

export const audioFeatures = record('AudioFeatures', 'The twelve audio features in the terms of the Spotify Web API.', {
  acousticness: fraction('0 to 1.'),
  danceability: fraction('0 to 1.'),
  energy: fraction('0 to 1.'),
  instrumentalness: fraction('0 to 1.'),
  liveness: fraction('0 to 1.'),
  speechiness: fraction('0 to 1.'),
  valence: fraction('0 to 1.'),
  loudness: fraction('Decibels relative to full scale, about -60 to 0.'),
  tempo: fraction('Beats per minute.'),
  key: whole('Pitch class, 0 = C to 11 = B; -1 when none was found.'),
  mode: whole('1 major, 0 minor.'),
  timeSignature: whole('Beats in a bar, 3 to 7; 0 when the source does not tell.'),
});

export type ReleaseDate = z.infer<typeof releaseDate>;
export type AudioFeatures = z.infer<typeof audioFeatures>;
