import { count, make } from './dom.js';

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A moment in short, with all of it on demand. */
export function when(at, { time = false } = {}) {
  const date = new Date(at);
  const iso = date.toISOString();
  return make('time', { datetime: iso, title: iso }, (time ? MOMENT : DATE).format(date));
}

/** A link if the text is one to the web; else the text. Nothing of it ever runs. */
export function linked(url, words) {
  const web = URL.parse(url);
  if (web === null || !['http:', 'https:'].includes(web.protocol)) return words;
  return make('a', { href: web.href, target: '_blank', rel: 'noreferrer noopener' }, words);
}

const SOURCES = {
  raw: 'playlist',
  spotify: 'Spotify',
  credits: 'Credits page',
  publishing: 'The MLC',
  links: 'MusicBrainz',
  analytics: 'Chartmetric',
  reccobeats: 'ReccoBeats',
};

/** Where a value comes from, in the provider's name. */
export const sourceName = (source) => SOURCES[source.split('.')[0]] ?? source;

const length = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
const list = (values) => values.join(', ');
const words = (value) => value.replaceAll('_', ' ');

/** The resolved values in the order in which they are read, with how each is written. */
export const FIELDS = [
  ['isrc', 'ISRC', String],
  ['iswc', 'ISWC', String],
  ['label', 'Label', String],
  ['albumName', 'Album', String],
  ['releaseDate', 'Released', ({ value }) => value],
  ['durationMs', 'Length', length],
  ['explicit', 'Explicit', (value) => (value ? 'yes' : 'no')],
  ['genres', 'Genres', list],
  ['writers', 'Writers', list],
  ['producers', 'Producers', list],
  ['performers', 'Performers', list],
  ['publishers', 'Publishers', list],
  ['publisherStatus', 'Publisher status', words],
  ['streams', 'Streams', count],
  ['popularity', 'Popularity', (value) => `${value} of 100`],
  ['artistFollowers', 'Artist followers', count],
  ['playlistReach', 'Playlist reach', count],
  ['youtubeViews', 'YouTube views', count],
  ['trackStage', 'Stage', String],
];
