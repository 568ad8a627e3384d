import type { Recording } from './recordings.ts';
import type { World } from './world.ts';

/** What a measuring service knows of a recording; counts are totals to the day. */
export type Measures = {
  score: number;
  careerHealth: string;
  stage: string;
  tier: number;
  streams: number | null;
  popularity: number;
  playlists: number;
  editorialPlaylists: number;
  playlistReach: number | null;
  youtubeViews: number | null;
  shazams: number | null;
  tiktoks: number | null;
  airplays: number | null;
  /** Streams won a day, for the history. */
  streamsPerDay: number;
  moods: readonly string[];
  activities: readonly string[];
};

const stages = ['undiscovered', 'developing', 'mid-level', 'mainstream', 'superstar'] as const;
const health = ['growth', 'steady', 'decline'] as const;
const moods = ['Melancholic', 'Uplifting', 'Dreamy', 'Energetic', 'Romantic', 'Tense', 'Warm'] as const;
const activities = ['Studying', 'Running', 'Driving', 'Cooking', 'Party', 'Sleeping'] as const;

/** The measures of a recording. Streams differ a little from the page's count, as two sources do. */
export function measuresOf(world: World, recording: Recording): Measures {
  const subject = world.draw('measures', recording.number);
  const plays = recording.playCount ?? subject.below(5_000_000, 'plays unseen');
  const sometimes = (value: number, label: string): number | null =>
    subject.chance(0.15, `no ${label}`) ? null : value;
  const level = Math.min(4, Math.floor(Math.log10(plays + 1) / 2));
  return {
    score: Math.round(subject.unit('score') * 10_000) / 100,
    careerHealth: subject.pick(health, 'health'),
    stage: stages[level] ?? 'undiscovered',
    tier: 5 - level,
    streams: sometimes(Math.floor(plays * (0.97 + subject.unit('drift') * 0.03)), 'streams'),
    popularity: recording.popularity,
    playlists: Math.floor(plays / 20_000) + subject.below(40, 'playlists'),
    editorialPlaylists: Math.floor(subject.unit('editorial') ** 3 * 60),
    playlistReach: sometimes(Math.floor(plays * subject.unit('reach')), 'reach'),
    youtubeViews: sometimes(Math.floor(plays * subject.unit('views')), 'views'),
    shazams: sometimes(Math.floor(plays / 300), 'shazams'),
    tiktoks: sometimes(Math.floor(plays / 2_000), 'tiktoks'),
    airplays: sometimes(Math.floor(plays / 90_000), 'airplays'),
    streamsPerDay: Math.floor((plays / 900) * subject.unit('pace')),
    moods: [...new Set([subject.pick(moods, 'mood'), subject.pick(moods, 'second mood')])],
    activities: subject.chance(0.4, 'no activity') ? [] : [subject.pick(activities, 'activity')],
  };
}
