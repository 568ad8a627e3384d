import { usable } from './conflict.ts';
import type { ReleaseDate } from './facts.ts';
import { type Growth, weeklyGrowth } from './growth.ts';
import { registeredWork } from './registered-work.ts';
import type { CreditRole } from './sections/credits.ts';
import type { PublisherStatus } from './sections/publishing.ts';
import type { Observed, TrackState } from './state.ts';

/** A value that a field could take, with its source and the moment of that source. */
export type Candidate<Value> = { readonly value: Value; readonly source: string; readonly at: number };

/** Candidates of one field in the order of trust; the table names no field twice. */
export type Sources<Value> = readonly (Candidate<Value> | null)[];

type Fetched<Facts> = { readonly fetchedAt: number; readonly value: Facts } | null;

/** Reads one field of a part; an absent, empty or blank value is no candidate. */
function of<Facts, Value>(source: string, part: Fetched<Facts>, read: (facts: Facts) => Value | null | undefined) {
  if (part === null) return null;
  const value = read(part.value);
  return isNothing(value) ? null : { value: value as Value, source, at: part.fetchedAt };
}

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** The release date of a source that gives text alone; its length tells the precision. */
function dateOf(text: string | null): ReleaseDate | null {
  const precision = text === null ? undefined : ({ 4: 'year', 7: 'month', 10: 'day' } as const)[text.length];
  return text === null || precision === undefined ? null : { value: text, precision };
}

/** What lies between two measurements of one provider, dated like the later. */
function grownBetween<Earlier, Later>(
  earlier: Fetched<Earlier>,
  later: Fetched<Later>,
  countOf: (facts: Earlier | Later) => number | null,
): Fetched<Growth> {
  if (earlier === null || later === null) return null;
  const [before, now] = [countOf(earlier.value), countOf(later.value)];
  if (before === null || now === null) return null;
  const growth = weeklyGrowth({ count: before, at: earlier.fetchedAt }, { count: now, at: later.fetchedAt });
  return growth === null ? null : { fetchedAt: later.fetchedAt, value: growth };
}

const SONGWRITING: readonly CreditRole[] = ['writer', 'composer', 'lyricist'];

/**
 * The ISRC: Spotify's own word, what was observed, and what MusicBrainz has under the Spotify link of the track. A link that leads to
 * several recordings of several ISRCs tells none.
 */
export function isrcSources(
  { trackId, sections }: Pick<TrackState, 'trackId' | 'sections'>,
  observed: Observed<string> | null,
): Sources<string> {
  const isOwn = <Part extends { askedBy: string }>(part: Part | null) => part?.askedBy === `track:${trackId}`;
  const core = isOwn(sections.spotify.core) ? sections.spotify.core : null;
  const linked = isOwn(sections.links.recording) ? sections.links.recording : null;
  return [
    of('spotify.core', core, (facts) => facts.isrc),
    observed === null ? null : { value: observed.value, source: 'raw', at: observed.at },
    of('links.recording', linked, ({ isrcs = [] }) => (isrcs.length === 1 ? isrcs[0] : null)),
  ];
}

/**
 * Every source of every field, in the order of trust: this table is the documented order. Parts that were asked under a key the
 * track no longer has are left out.
 * @param isrc the resolved ISRC
 */
export function sourcesOf({ trackId, raw, sections }: TrackState, isrc: string | null) {
  const kept = <Part extends { askedBy: string }>(part: Part | null) => usable(part, trackId, isrc);
  const observed = <Value>(register: { readonly value: Value; readonly at: number } | null): Candidate<Value> | null =>
    register === null ? null : { value: register.value, source: 'raw', at: register.at };
  const core = kept(sections.spotify.core);
  const album = kept(sections.spotify.album);
  const artists = kept(sections.spotify.artists);
  const people = kept(sections.credits.people);
  const work = registeredWork(sections.publishing, trackId, isrc);
  const recording = kept(sections.links.recording);
  const statistics = kept(sections.analytics.statistics);
  const profile = kept(sections.analytics.profile);
  const pageGrowth = grownBetween(
    kept(sections.credits.baseline),
    kept(sections.credits.streams),
    ({ playCount }) => playCount,
  );
  const statisticsGrowth = grownBetween(kept(sections.analytics.baseline), statistics, ({ streams }) => streams);
  const features = kept(sections.spotify.features);
  const credited = (...roles: readonly CreditRole[]) =>
    of('credits.people', people, ({ contributors }) =>
      contributors.filter((one) => one.roles.some(({ role }) => roles.includes(role))).map(({ name }) => name),
    );
  return {
    isrc: isrcSources({ trackId, sections }, raw.isrc),
    name: [of('spotify.core', core, (facts) => facts.name), observed(raw.name)],
    artists: [of('spotify.core', core, (facts) => facts.artists.map(({ name }) => name)), observed(raw.artists)],
    label: [
      of('spotify.album', album, (facts) => facts.label),
      observed(raw.label),
      of('credits.source', kept(sections.credits.source), (facts) => facts.names[0]),
      of('analytics.profile', profile, (facts) => facts.label),
    ],
    releaseDate: [
      of('spotify.core', core, (facts) => facts.releaseDate),
      of('spotify.album', album, (facts) => facts.releaseDate),
      observed(raw.releaseDate),
      of('analytics.profile', profile, (facts) => dateOf(facts.releaseDate)),
    ],
    albumName: [of('spotify.core', core, (facts) => facts.albumName), observed(raw.albumName)],
    durationMs: [of('spotify.core', core, (facts) => facts.durationMs), observed(raw.durationMs)],
    explicit: [of('spotify.core', core, (facts) => facts.explicit), observed(raw.explicit)],
    popularity: [
      of('spotify.popularity', kept(sections.spotify.popularity), (facts) => facts.popularity),
      observed(raw.popularity),
      of('analytics.statistics', statistics, (facts) => facts.popularity),
    ],
    streams: [
      of('credits.streams', kept(sections.credits.streams), (facts) => facts.playCount),
      of('analytics.statistics', statistics, (facts) => facts.streams),
    ],
    // Velocity: the source says by which method it was reckoned.
    streamsWeeklyChange: [
      of('credits.two_points', pageGrowth, ({ change }) => change),
      of('analytics.weekly_diff', statistics, (facts) => facts.streamsWeeklyChange),
      of('analytics.two_points', statisticsGrowth, ({ change }) => change),
    ],
    streamsWeeklyChangePercent: [
      of('credits.two_points', pageGrowth, ({ percent }) => percent),
      of('analytics.weekly_diff', statistics, (facts) => facts.streamsWeeklyChangePercent),
      of('analytics.two_points', statisticsGrowth, ({ percent }) => percent),
    ],
    genres: [
      of('spotify.artists', artists, (facts) => [...new Set(facts.artists.flatMap(({ genres }) => genres))]),
      of('analytics.profile', profile, (facts) => facts.genres),
    ],
    artistFollowers: [of('spotify.artists', artists, (facts) => facts.artists[0]?.followers)],
    writers: [
      credited(...SONGWRITING),
      of('links.recording', recording, (facts) => [
        ...new Set(facts.works.flatMap(({ writers }) => writers.map(({ name }) => name))),
      ]),
      of('publishing.work', work, (facts) => facts.writers.map(({ name }) => name)),
      of('analytics.profile', profile, (facts) => facts.songwriters),
    ],
    producers: [credited('producer')],
    performers: [credited('performer')],
    publishers: [of('publishing.work', work, (facts) => facts.publishers.map(({ name }) => name))],
    publisherStatus: [
      of<{ status: PublisherStatus }, PublisherStatus>(
        'publishing.status',
        kept(sections.publishing.status),
        (facts) => facts.status,
      ),
    ],
    iswc: [
      of('publishing.work', work, (facts) => facts.iswc),
      of('links.recording', recording, (facts) => facts.works[0]?.iswcs[0]),
    ],
    trackStage: [of('analytics.profile', profile, (facts) => facts.trackStage)],
    playlistReach: [of('analytics.statistics', statistics, (facts) => facts.playlistReach)],
    youtubeViews: [of('analytics.statistics', statistics, (facts) => facts.youtubeViews)],
    // Both in the terms of the Web API; who gave them stands in the part.
    audioFeatures: [
      of(`${features?.provider ?? 'spotify'}.features`, features, (facts) => facts),
      observed(raw.audioFeatures),
    ],
  } as const;
}
