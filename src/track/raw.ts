import type { z } from 'zod';
import { audioFeatures, releaseDate } from './facts.ts';
import { sections } from './sections/sections.ts';
import { as, flag, list, maybe, moment, record, symbols, text, whole } from './shapes.ts';

export const playlist = record('Playlist', 'The playlist snapshot in which the track was seen.', {
  id: text('Spotify playlist id, or the name under which its file was ingested.'),
  name: maybe(text('The playlist name as given.')),
  snapshotId: maybe(text('Spotify snapshot id, or a hash of the rows when the source has none.')),
  positions: list(whole('Position counted from 0.'), 'Every position at which the track stands.'),
  url: maybe(text('Link to the playlist.')),
  curator: maybe(text('Owner or curator as given.')),
  isEditorial: maybe(flag('True when Spotify itself curates it; null when the source does not say.')),
});

/** How the playlist was read. Never null: an unknown method of a later producer reads as `unknown`. */
export const fetchMethod = symbols('FetchMethod', 'How the playlist was read.', [
  'chartmetric',
  'spotify_api',
  'network_capture',
  'import',
]);

const observed = {
  name: maybe(text('Track name exactly as given.')),
  artists: list(text('One artist name exactly as given.'), 'Artist names, one element per artist.'),
  isrc: maybe(text('ISRC, 12 characters without dashes.')),
  label: maybe(text('Record label.')),
  releaseDate: maybe(as(releaseDate, 'Release date of the album.')),
  albumId: maybe(text('Spotify album id.')),
  albumName: maybe(text('Album name.')),
  durationMs: maybe(whole('Length in milliseconds.')),
  explicit: maybe(flag('True when marked explicit.')),
  popularity: maybe(whole('Spotify popularity, 0 to 100.')),
  audioFeatures: maybe(as(audioFeatures, 'Audio features, when the source has them.')),
  playlist: maybe(as(playlist, 'Where the track was seen; null for a track sent on its own.')),
  fetchMethod: as(fetchMethod, 'How the playlist was read.'),
  observedAt: moment('When the playlist was read.'),
  runId: text('The run: one published playlist snapshot, or one replay.'),
  runTotal: maybe(whole('How many distinct tracks the run has, when its producer knows.')),
};

/** What a scraper saw of a track: the raw part that all later topics carry. */
export const observation = record('Observation', 'What was seen of the track when its playlist was read.', observed);

/** The value of `tracks.raw`, easy to produce from any language. */
export const rawTrack = record('RawTrack', 'One track of one scraped playlist snapshot.', {
  track: text('Spotify track id, spotify:track: URI or open.spotify.com link.'),
  ...observed,
  prior: maybe(as(sections, 'Parts that are known already; written by replays.')),
});

export type Playlist = z.infer<typeof playlist>;
export type FetchMethod = z.infer<typeof fetchMethod>;
export type Observation = z.infer<typeof observation>;
export type RawTrack = z.infer<typeof rawTrack>;

/** What an observation says of the track itself where nothing of it was seen. */
export const NOTHING_SEEN = {
  name: null,
  artists: [],
  isrc: null,
  label: null,
  releaseDate: null,
  albumId: null,
  albumName: null,
  durationMs: null,
  explicit: null,
  popularity: null,
  audioFeatures: null,
} satisfies Partial<Observation>;
