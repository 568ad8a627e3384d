import type { AnalyticsSection } from '#track/sections/analytics.ts';
import type { IdsAnswer, Names, Numeric, TrackAnswer } from './wire.ts';

export type Statistics = NonNullable<AnalyticsSection['statistics']>['value'];
export type Profile = NonNullable<AnalyticsSection['profile']>['value'];

/** What the track call says: `statistics` is `null` when the answer has none. */
export type FoundTrack = { readonly statistics: Statistics | null; readonly profile: Profile };

/** The first Chartmetric id: of the recording with the asked ISRC, else of any; `null` when the answer names none. */
export function idOf(answer: IdsAnswer, key: string): number | null {
  const own = answer.filter(({ isrc }) => isrc === key);
  return [...own, ...answer].flatMap(({ chartmetric_ids: ids }) => ids ?? [])[0] ?? null;
}

/** A number that may have come as text; `null` for what is none (never 0 for something absent). */
export function numberOf(given: Numeric): number | null {
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A count that may have come as text. */
export function countOf(given: Numeric): number | null {
  const number = numberOf(given);
  return number === null ? null : Math.round(number);
}

/** The names of a list in their order, each once. Tags are documented as one text with commas; names of people never are. */
export function namesOf(given: Names): string[] {
  const named = typeof given === 'string' ? given.split(',') : (given ?? []);
  const texts = named.map((one) => (typeof one === 'string' ? one : one.name).trim());
  return [...new Set(texts.filter((text) => text !== ''))];
}

/** Songwriters: one element is one person; a text instead of a list is left whole. */
const peopleOf = (given: Names): string[] => namesOf(typeof given === 'string' ? [given] : given);

const wordsOf = (given: string | null | undefined): string | null =>
  given === null || given === undefined || given.trim() === '' ? null : given;

export const trackOf = (answer: TrackAnswer): FoundTrack => ({
  statistics: statisticsOf(answer),
  profile: profileOf(answer),
});

/** Streams come from `sp_streams` alone and popularity from `sp_popularity` alone: neither stands in for the other. */
function statisticsOf({ cm_statistics: given }: TrackAnswer): Statistics | null {
  if (given === null || given === undefined) return null;
  return {
    streams: countOf(given.sp_streams),
    popularity: countOf(given.sp_popularity),
    playlists: countOf(given.num_sp_playlists),
    editorialPlaylists: countOf(given.num_sp_editorial_playlists),
    playlistReach: countOf(given.sp_playlist_total_reach),
    youtubeViews: countOf(given.youtube_views),
    shazams: countOf(given.shazam_counts),
    tiktoks: countOf(given.tiktok_counts),
    streamsWeeklyChange: countOf(given.weekly_diff?.sp_streams),
    streamsWeeklyChangePercent: numberOf(given.weekly_diff_percent?.sp_streams),
  };
}

function profileOf(answer: TrackAnswer): Profile {
  const genres = namesOf(answer.genres);
  return {
    score: numberOf(answer.score) ?? numberOf(answer.cm_statistics?.score),
    trackStage: wordsOf(answer.track_stage),
    careerHealth: wordsOf(answer.career_health),
    genres: genres.length > 0 ? genres : namesOf(answer.tags),
    moods: namesOf(answer.moods),
    activities: namesOf(answer.activities),
    songwriters: peopleOf(answer.songwriters),
    label: wordsOf(answer.album_label) ?? wordsOf(answer.albums?.find(({ label }) => wordsOf(label) !== null)?.label),
    releaseDate: wordsOf(answer.release_date),
  };
}
