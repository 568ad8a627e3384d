import { disagreementsOf } from './disagreement.ts';
import type { TrackEvent } from './event.ts';
import { type Candidate, isrcSources, type Sources, sourcesOf } from './sources.ts';
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

/** The effective ISRC of an event, or `null` while none is known. */
export const resolveIsrc = (event: TrackEvent): string | null =>
  standing(isrcSources(event, event.raw.isrc === null ? null : { value: event.raw.isrc, at: event.raw.observedAt }))
    ?.value ?? null;

/** The effective values of a track, each with its source and date; the order of sources stands in `sources.ts`. */
export function resolve(state: TrackState): Summary {
  const isrc = standing(isrcSources(state, state.raw.isrc));
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
    audioFeatures: standing(of.audioFeatures),
    disagreements: [...disagreementsOf(of)],
  };
}

/** The summary of one event: what it alone says. */
export const summaryOf = (event: TrackEvent): Summary => resolve(stateOf(event));
