import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Measures } from '../catalogue/measures.ts';
import { toChartmetricId } from '../catalogue/numbers.ts';
import type { Recording } from '../catalogue/recordings.ts';

/** A number as this track's numbers are written: some tracks have them as texts. */
type Written = (value: number | null) => number | string | null;

const writing = (recording: Recording): Written =>
  recording.has('numbersAsStrings') ? (value) => (value === null ? null : String(value)) : (value) => value;

/** The track call: what the service knows of a track, with today's statistics. `now` is in milliseconds since 1970. */
export function trackShape(catalogue: Catalogue, recording: Recording, now: number): object {
  const measures = catalogue.measures(recording);
  const { album, work } = recording;
  const songwriters = work.writers.map(({ writer }) => writer.name.full);
  return {
    id: toChartmetricId(recording.number),
    name: recording.title,
    isrc: recording.isrc,
    image_url: `https://images.sandbox.example/${album.id}/640.jpg`,
    duration_ms: recording.durationMs,
    composer_name: songwriters.join(', '),
    artists: recording.artists.map(({ number, name }) => ({ id: 1_000 + number, name })),
    albums: [
      {
        id: 2_000_000 + album.number,
        name: recording.albumName,
        upc: album.upc,
        release_date: album.released,
        label: album.label,
        popularity: album.popularity,
      },
    ],
    tags: measures.moods.join(','),
    moods: measures.moods.map((name, index) => ({ id: index + 1, name })),
    activities: measures.activities.map((name, index) => ({ id: index + 1, name })),
    songwriters,
    cm_songwriters: work.writers.map(({ writer }) => 3_000 + writer.number),
    release_date: album.released,
    album_label: album.label === '' ? null : album.label,
    explicit: recording.explicit,
    score: measures.score,
    career_health: measures.careerHealth,
    track_stage: measures.stage,
    track_tier: measures.tier,
    genres: recording.artists.flatMap(({ genres }) => genres).map((name, index) => ({ id: index + 1, name })),
    cm_statistics: statistics(recording, measures, writing(recording), now),
  };
}

function statistics(recording: Recording, measures: Measures, written: Written, now: number): object {
  return {
    timestamp: new Date(now - (now % 86_400_000)).toISOString(),
    score: written(measures.score),
    cm_track: toChartmetricId(recording.number),
    sp_streams: written(measures.streams),
    sp_popularity: written(measures.popularity),
    num_sp_playlists: written(measures.playlists),
    num_sp_editorial_playlists: written(measures.editorialPlaylists),
    num_am_playlists: written(Math.floor(measures.playlists / 4)),
    num_am_editorial_playlists: written(Math.floor(measures.editorialPlaylists / 3)),
    num_de_playlists: written(Math.floor(measures.playlists / 6)),
    num_de_editorial_playlists: written(Math.floor(measures.editorialPlaylists / 5)),
    num_az_playlists: written(Math.floor(measures.playlists / 9)),
    num_yt_playlists: written(Math.floor(measures.playlists / 3)),
    sp_playlist_total_reach: written(measures.playlistReach),
    youtube_views: written(measures.youtubeViews),
    shazam_counts: written(measures.shazams),
    tiktok_counts: written(measures.tiktoks),
    airplay_streams: written(measures.airplays),
    genius_page_views: null,
    ...weekly(measures, written),
  };
}

/** What a week brought; the service offers it for some tracks only (here: for those whose score is even). */
function weekly(measures: Measures, written: Written): object {
  if (Math.round(measures.score) % 2 === 1 || measures.streams === null) return {};
  const won = measures.streamsPerDay * 7;
  const percent = measures.streams === 0 ? 0 : Math.round((won / measures.streams) * 10_000) / 100;
  return { weekly_diff: { sp_streams: written(won) }, weekly_diff_percent: { sp_streams: written(percent) } };
}

/** The history of a track, one point a week for 28 days; popularity unless `type=streams`, only the last with `latest=true`. */
export function historyShape(catalogue: Catalogue, recording: Recording, query: URLSearchParams, now: number): object {
  const measures = catalogue.measures(recording);
  const streams = query.get('type') === 'streams';
  const value = (daysAgo: number): number =>
    streams ? Math.max(0, (measures.streams ?? 0) - daysAgo * measures.streamsPerDay) : measures.popularity;
  const points = [28, 21, 14, 7, 0].map((daysAgo) => ({
    value: value(daysAgo),
    timestp: new Date(now - daysAgo * 86_400_000).toISOString().slice(0, 10),
  }));
  return {
    domain: 'spotify',
    track_domain_id: catalogue.resolve.trackId(recording.number),
    type: streams ? 'streams' : 'popularity',
    data: query.get('latest') === 'true' ? points.slice(-1) : points,
  };
}
