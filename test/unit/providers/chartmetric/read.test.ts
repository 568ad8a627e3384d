import { describe, expect, it } from 'vitest';
import { countOf, idOf, namesOf, numberOf, trackOf } from '#providers/chartmetric/read.ts';
import { idsAnswer, trackAnswer } from '#providers/chartmetric/wire.ts';

const read = (answer: object) => trackOf(trackAnswer.parse({ id: 7, ...answer }));

describe('numbers of Chartmetric', () => {
  it.each([
    ['107823509', 107_823_509],
    [107_823_509, 107_823_509],
    ['3000000000', 3_000_000_000],
    ['61.5', 61.5],
    [0, 0],
    ['0', 0],
    ['', null],
    [' ', null],
    ['false', null],
    [null, null],
    [undefined, null],
  ])('%s reads as %s', (given, value) => {
    expect(numberOf(given)).toBe(value);
  });

  it('that count things are whole', () => {
    expect(countOf('61.5')).toBe(62);
    expect(countOf('n/a')).toBeNull();
  });
});

describe('a track of Chartmetric', () => {
  it('keeps streams and popularity apart: a popularity never stands in for streams, nor the other way about', () => {
    const onlyPopularity = read({ cm_statistics: { sp_popularity: 61, sp_streams: null } }).statistics;
    expect(onlyPopularity).toMatchObject({ streams: null, popularity: 61 });
    const onlyStreams = read({ cm_statistics: { sp_streams: '4300000000' } }).statistics;
    expect(onlyStreams).toMatchObject({ streams: 4_300_000_000, popularity: null });
  });

  it('has all its statistics', () => {
    const given = {
      sp_streams: '1000',
      sp_popularity: 50,
      num_sp_playlists: '12',
      num_sp_editorial_playlists: 3,
      sp_playlist_total_reach: '98765',
      youtube_views: '222',
      shazam_counts: 33,
      tiktok_counts: '44',
      weekly_diff: { sp_streams: '-5' },
      weekly_diff_percent: { sp_streams: '-0.5' },
    };
    expect(read({ cm_statistics: given }).statistics).toEqual({
      streams: 1000,
      popularity: 50,
      playlists: 12,
      editorialPlaylists: 3,
      playlistReach: 98_765,
      youtubeViews: 222,
      shazams: 33,
      tiktoks: 44,
      streamsWeeklyChange: -5,
      streamsWeeklyChangePercent: -0.5,
    });
  });

  it('without statistics has none, which is not the same as zeros', () => {
    expect(read({ cm_statistics: null }).statistics).toBeNull();
    expect(read({}).statistics).toBeNull();
  });

  it('has its profile; stage and health as given', () => {
    const { profile } = read({
      score: '93.1',
      track_stage: 'mid-level',
      career_health: 'steady',
      genres: [{ id: 1, name: 'shoegaze' }, 'dream pop'],
      moods: [{ id: 1, name: 'Warm' }],
      activities: [{ id: 2, name: 'Running' }],
      songwriters: ['Ann Bee', 'Tyler, The Creator'],
      album_label: 'Canada Sounds',
      release_date: '2026-01-02',
      tags: 'ignored, here',
    });
    expect(profile).toEqual({
      score: 93.1,
      trackStage: 'mid-level',
      careerHealth: 'steady',
      genres: ['shoegaze', 'dream pop'],
      moods: ['Warm'],
      activities: ['Running'],
      songwriters: ['Ann Bee', 'Tyler, The Creator'],
      label: 'Canada Sounds',
      releaseDate: '2026-01-02',
    });
  });

  it('takes genres from the tags, one text with commas, when it lists none', () => {
    expect(read({ tags: 'pop, dance pop,,pop', genres: [] }).profile.genres).toEqual(['pop', 'dance pop']);
  });

  it('never splits the name of a person, even where a list came as one text', () => {
    expect(read({ songwriters: 'Tyler, The Creator' }).profile.songwriters).toEqual(['Tyler, The Creator']);
  });

  it('takes the label of the first album that has one when the track names none', () => {
    expect(read({ album_label: '', albums: [{ label: null }, { label: 'Sub Pop' }] }).profile.label).toBe('Sub Pop');
  });

  it('without an id is not believed', () => {
    expect(trackAnswer.safeParse({ name: 'x' }).success).toBe(false);
  });
});

describe('ids of Chartmetric', () => {
  const answer = idsAnswer.parse([
    { isrc: 'OTHER', chartmetric_ids: [1] },
    { isrc: 'USTST2600001', chartmetric_ids: [2, 3] },
  ]);

  it('are those of the asked ISRC before those of another', () => {
    expect(idOf(answer, 'USTST2600001')).toBe(2);
  });

  it('are the first there is when they were asked by another key', () => {
    expect(idOf(answer, '4uLU6hMCjMI75M1A2tKUQC')).toBe(1);
  });

  it('can be none', () => {
    expect(idOf([{ isrc: 'USTST2600001', chartmetric_ids: null }], 'USTST2600001')).toBeNull();
  });
});

describe('lists of names', () => {
  it('hold each name once and no blank', () => {
    expect(namesOf([' a ', { name: 'a' }, '', { name: 'b' }])).toEqual(['a', 'b']);
    expect(namesOf(null)).toEqual([]);
  });
});
