import type { TrackEvent } from './event.ts';
import { type Candidate, type Sources, sourcesOf } from './sources.ts';
import { stateOf, type TrackState } from './state.ts';
import type { Summary } from './summary.ts';

const DAY = 86_400_000;

/** Facts that stand still: the most trusted source that has the value. */
const standing = <Value>(sources: Sources<Value>): Candidate<Value> | null =>
  sources.find((candidate) => candidate !== null) ?? null;

/** Measurements: the newest one; trust only decides among those within a day of it. */
function moving<Value>(sources: Sources<Value>): Candidate<Value> | null {
  const newest = Math.max(...sources.map((candidate) => candidate?.at ?? Number.NEGATIVE_INFINITY));
  return sources.find((candidate) => candidate !== null && newest - candidate.at <= DAY) ?? null;
}

/** The ISRC of a state: Spotify's own word, else what was observed; with its source and date. */
function isrcOfState({ trackId, raw, sections }: TrackState): Candidate<string> | null {
  const core = sections.spotify.core;
  const said = core !== null && core.askedBy === `track:${trackId}` ? core : null;
  if (said !== null && said.value.isrc !== null)
    return { value: said.value.isrc, source: 'spotify.core', at: said.fetchedAt };
  return raw.isrc === null ? null : { value: raw.isrc.value, source: 'raw', at: raw.isrc.at };
}

/** The effective ISRC of an event, or `null` while none is known. */
export const resolveIsrc = (event: TrackEvent): string | null =>
  event.sections.spotify.core?.value.isrc ?? event.raw.isrc;

/** The effective values of a track, each with its source and date; the order of sources stands in `sources.ts`. */
export function resolve(state: TrackState): Summary {
  const isrc = isrcOfState(state);
  const of = sourcesOf(state, isrc?.value ?? null);
  return {
    name: standing(of.name),
    artists: standing<string[]>(of.artists),
    isrc,
    label: standing(of.label),
    releaseDate: standing(of.releaseDate),
    albumName: standing(of.albumName),
    durationMs: standing(of.durationMs),
    explicit: standing(of.explicit),
    popularity: moving(of.popularity),
    streams: moving(of.streams),
    streamsWeeklyChange: moving(of.streamsWeeklyChange),
    streamsWeeklyChangePercent: moving(of.streamsWeeklyChangePercent),
    genres: standing<string[]>(of.genres),
    artistFollowers: moving(of.artistFollowers),
    writers: standing<string[]>(of.writers),
    producers: standing<string[]>(of.producers),
    performers: standing<string[]>(of.performers),
    publishers: standing<string[]>(of.publishers),
    publisherStatus: standing(of.publisherStatus),
    iswc: standing(of.iswc),
    trackStage: standing(of.trackStage),
    playlistReach: moving(of.playlistReach),
    youtubeViews: moving(of.youtubeViews),
  };
}

/** The summary of one event: what it alone says. */
export const summaryOf = (event: TrackEvent): Summary => resolve(stateOf(event));
