import type { z } from 'zod';
import { fraction, list, maybe, record, text, whole } from '../shapes.ts';
import { part } from './part.ts';

export const analyticsIdentity = part(
  'AnalyticsIdentity',
  'The Chartmetric track id, good for ever.',
  record('AnalyticsIdentityFacts', 'Chartmetric id.', { chartmetricId: whole('Chartmetric track id.') }),
);

export const analyticsStatistics = part(
  'AnalyticsStatistics',
  'Chartmetric statistics, moving values.',
  record('AnalyticsStatisticsFacts', 'Statistics of the track.', {
    streams: maybe(whole('Spotify streams as Chartmetric counts them.')),
    popularity: maybe(whole('Spotify popularity, 0 to 100.')),
    playlists: maybe(whole('Spotify playlists that hold the track.')),
    editorialPlaylists: maybe(whole('Editorial ones among them.')),
    playlistReach: maybe(whole('Followers of these playlists together.')),
    youtubeViews: maybe(whole('YouTube views.')),
    shazams: maybe(whole('Shazam counts.')),
    tiktoks: maybe(whole('TikTok videos.')),
    streamsWeeklyChange: maybe(whole('Streams minus those of a week ago, as Chartmetric gives it.')),
    streamsWeeklyChangePercent: maybe(fraction('The same in percent of those of a week ago.')),
  }),
);

export const analyticsProfile = part(
  'AnalyticsProfile',
  'What Chartmetric says of the kind of track.',
  record('AnalyticsProfileFacts', 'Profile of the track.', {
    score: maybe(fraction('Chartmetric score.')),
    trackStage: maybe(text('Stage as given, for example mid-level.')),
    careerHealth: maybe(text('As given, for example steady.')),
    genres: list(text('Genre.'), 'Genres.'),
    moods: list(text('Mood.'), 'Moods.'),
    activities: list(text('Activity.'), 'Activities.'),
    songwriters: list(text('Name as given.'), 'Songwriters.'),
    label: maybe(text('Album label.')),
    releaseDate: maybe(text('Release date as given.')),
  }),
);

export const analyticsBaseline = part(
  'AnalyticsBaseline',
  'Earlier streams, by which the newest are judged: at least a day older than they.',
  record('AnalyticsBaselineFacts', 'Earlier streams.', {
    streams: whole('Spotify streams as Chartmetric counted them then.'),
  }),
);

export const analyticsSection = record('AnalyticsSection', 'What the analytics phase knows.', {
  identity: maybe(analyticsIdentity, 'Chartmetric id.'),
  statistics: maybe(analyticsStatistics, 'Statistics.'),
  profile: maybe(analyticsProfile, 'Profile.'),
  baseline: maybe(analyticsBaseline, 'Earlier streams.'),
});

export type AnalyticsSection = z.infer<typeof analyticsSection>;
