import { describe, expect, it } from 'vitest';
import { someFeatures } from '#test/support/spotify.ts';
import { AT, aPart, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { conflictsOf } from '#track/conflict.ts';
import type { TrackEvent } from '#track/event.ts';
import { summaryOf } from '#track/resolve.ts';
import { NO_SECTIONS, type Sections } from '#track/sections/sections.ts';

const DAY = 86_400_000;

const withSections = (over: { [Phase in keyof Sections]?: Partial<Sections[Phase]> }, raw = {}): TrackEvent =>
  aTrackEvent(
    {
      sections: Object.fromEntries(
        Object.entries(NO_SECTIONS).map(([phase, section]) => [
          phase,
          { ...section, ...over[phase as keyof Sections] },
        ]),
      ) as Sections,
    },
    raw,
  );

const statistics = {
  streams: null,
  popularity: null,
  playlists: null,
  editorialPlaylists: null,
  playlistReach: null,
  youtubeViews: null,
  shazams: null,
  tiktoks: null,
  streamsWeeklyChange: null,
  streamsWeeklyChangePercent: null,
};

const core = (isrc: string | null) => ({
  answeredId: trackId(),
  name: 'Tidal Room',
  isrc,
  artists: [{ id: null, name: 'Ines Okafor' }],
  albumId: null,
  albumName: null,
  releaseDate: null,
  durationMs: 1,
  explicit: null,
  discNumber: null,
  trackNumber: null,
  imageUrl: null,
});

const work = (name: string) => ({
  songCode: 'LN0001',
  iswc: null,
  title: 'Tidal Room',
  writers: [{ id: null, name, ipi: null, roleCode: null }],
  publishers: [],
  otherSongCodes: [],
});

describe('resolving', () => {
  it('names nothing when nothing is known', () => {
    const { disagreements, ...values } = summaryOf(aTrackEvent());
    expect([new Set(Object.values(values)), disagreements]).toEqual([new Set([null]), []]);
  });

  it('names source and date of a value', () => {
    expect(summaryOf(aTrackEvent({}, { label: 'Harbour Tapes' })).label).toEqual({
      value: 'Harbour Tapes',
      source: 'raw',
      at: AT,
    });
  });

  it('trusts Spotify on standing facts, even where the observation is newer', () => {
    const event = withSections(
      { spotify: { core: aPart(core('QZLN72600001'), { fetchedAt: AT - DAY }) } },
      { name: 'tidal room (promo)', isrc: 'QZLN72600002' },
    );
    const { name, isrc } = summaryOf(event);
    expect([name?.value, isrc?.value, isrc?.source]).toEqual(['Tidal Room', 'QZLN72600001', 'spotify.core']);
  });

  it('takes the newest measurement', () => {
    const event = withSections({
      credits: { streams: aPart({ playCount: 5_012_345_678 }, { fetchedAt: AT - 2 * DAY }) },
      analytics: { statistics: aPart({ ...statistics, streams: 5_100_000_000 }) },
    });
    expect(summaryOf(event).streams).toEqual({ value: 5_100_000_000, source: 'analytics.statistics', at: AT });
  });

  it('lets trust decide among measurements of the same day', () => {
    const event = withSections({
      credits: { streams: aPart({ playCount: 7 }, { fetchedAt: AT - DAY }) },
      analytics: { statistics: aPart({ ...statistics, streams: 9 }) },
    });
    expect(summaryOf(event).streams).toEqual({ value: 7, source: 'credits.streams', at: AT - DAY });
  });

  it('keeps a count of zero, which is a fact', () => {
    const event = withSections({ credits: { streams: aPart({ playCount: 0 }) } });
    expect(summaryOf(event).streams?.value).toBe(0);
  });

  it('falls back from the page to the registered work for writers', () => {
    const event = withSections({
      publishing: { work: aPart(work('Marta Lindqvist'), { askedBy: 'isrc:QZLN72600001' }) },
    });
    expect(summaryOf(event).writers).toEqual({ value: ['Marta Lindqvist'], source: 'publishing.work', at: AT });
  });

  it('falls back from the page to the works at MusicBrainz for writers, and names the source', () => {
    const works = [{ mbid: 'w', title: 'T', iswcs: [], writers: [{ mbid: 'm', name: 'Bo Sample', role: 'composer' }] }];
    const recording = aPart({ mbids: [], title: null, works, isrcs: [] });
    const event = withSections({ links: { recording }, publishing: { work: aPart(work('BO SAMPLE')) } });
    expect(summaryOf(event).writers).toEqual({ value: ['Bo Sample'], source: 'links.recording', at: AT });
  });

  it('keeps what other sources say otherwise, and does not call another spelling a conflict', () => {
    const album = {
      id: 'a',
      name: 'Album',
      type: null,
      label: 'Harbour Tapes',
      upc: null,
      copyrights: [],
      totalTracks: null,
      popularity: null,
      releaseDate: { value: '2019-02-08', precision: 'day' as const },
    };
    const spotify = { core: aPart(core('USTST2600001')), album: aPart(album) };
    const raw = {
      isrc: 'GBAYE0601498',
      name: 'TIDAL ROOM',
      label: 'Canada Sounds',
      releaseDate: { value: '2019', precision: 'year' as const },
    };
    expect(summaryOf(withSections({ spotify }, raw)).disagreements).toEqual([
      { field: 'isrc', value: 'GBAYE0601498', source: 'raw', at: AT },
      { field: 'label', value: 'Canada Sounds', source: 'raw', at: AT },
    ]);
  });

  it('names who gave the audio features', () => {
    const features = aPart(someFeatures, { provider: 'reccobeats' });
    expect(summaryOf(withSections({ spotify: { features } })).audioFeatures).toMatchObject({
      source: 'reccobeats.features',
    });
    expect(summaryOf(aTrackEvent({}, { audioFeatures: someFeatures })).audioFeatures).toMatchObject({ source: 'raw' });
  });

  it('never uses a part that was asked under an ISRC the track no longer has, and names it as a conflict', () => {
    const event = withSections(
      {
        spotify: { core: aPart(core('QZLN72600002')) },
        publishing: { work: aPart(work('Somebody Else'), { askedBy: 'isrc:QZLN72600001' }) },
      },
      { isrc: 'QZLN72600001' },
    );
    expect(summaryOf(event).writers).toBeNull();
    expect(conflictsOf(event.sections, event.trackId, 'QZLN72600002')).toEqual([
      { phase: 'publishing', part: 'work', askedBy: 'isrc:QZLN72600001', key: 'isrc:QZLN72600002' },
    ]);
  });

  it('keeps a work of an earlier answer out while the status says unregistered', () => {
    const askedBy = 'isrc:QZLN72600001';
    const status = {
      status: 'unregistered' as const,
      writers: [],
      partial: false,
      adminOnly: false,
      evidence: [],
      judgedWith: [],
    };
    const publishing = { work: aPart(work('Marta Lindqvist'), { askedBy }), status: aPart(status, { askedBy }) };
    const { writers, publishers, publisherStatus } = summaryOf(withSections({ publishing }, { isrc: 'QZLN72600001' }));
    expect([writers, publishers, publisherStatus?.value]).toEqual([null, null, 'unregistered']);
    const corrected = summaryOf(
      withSections(
        { publishing: { ...publishing, work: aPart(work('Marta Lindqvist'), { askedBy: 'isrc:QZLN72600002' }) } },
        { isrc: 'QZLN72600002' },
      ),
    );
    expect([corrected.writers?.value, corrected.publisherStatus]).toEqual([['Marta Lindqvist'], null]);
  });
});
