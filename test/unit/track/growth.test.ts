import { describe, expect, it } from 'vitest';
import { creditsSectionOf } from '#phases/credits/map.ts';
import { AT, aPart, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import { weeklyGrowth } from '#track/growth.ts';
import { merge } from '#track/merge.ts';
import { resolve, summaryOf } from '#track/resolve.ts';
import { stateOf } from '#track/state.ts';

const DAY = 86_400_000;

/** The event after its page was read again. */
function measured(event: TrackEvent, playCount: number, fetchedAt: number): TrackEvent {
  const streams = { kind: 'found' as const, facts: { playCount }, fetchedAt };
  const credits = creditsSectionOf(event, { credits: null, streams });
  return { ...event, sections: { ...event.sections, credits } };
}

const first = measured(aTrackEvent(), 1_000_000, AT);

describe('growth', () => {
  it('is brought to a week, whatever lies between the measurements', () => {
    expect(weeklyGrowth({ count: 1000, at: AT }, { count: 1100, at: AT + 14 * DAY })).toEqual({
      change: 50,
      percent: 5,
    });
    expect(weeklyGrowth({ count: 1000, at: AT }, { count: 990, at: AT + DAY })).toEqual({ change: -70, percent: -7 });
  });

  it('is not told of measurements less than a day apart, and has no percent of nothing', () => {
    expect(weeklyGrowth({ count: 1000, at: AT }, { count: 1100, at: AT + DAY - 1 })).toBeNull();
    expect(weeklyGrowth({ count: 0, at: AT }, { count: 7, at: AT + 7 * DAY })).toEqual({ change: 7, percent: null });
  });

  it('is in the summary once a track was measured twice, week over week', () => {
    expect(summaryOf(first).streamsWeeklyChange).toBeNull();
    const second = measured(first, 1_050_000, AT + 7 * DAY);
    expect(summaryOf(second)).toMatchObject({
      streams: { value: 1_050_000 },
      streamsWeeklyChange: { value: 50_000, source: 'credits.two_points', at: AT + 7 * DAY },
      streamsWeeklyChangePercent: { value: 5, source: 'credits.two_points', at: AT + 7 * DAY },
    });
  });

  it('is judged by the measurement before, and by the one before that while the last is young', () => {
    const second = measured(first, 1_050_000, AT + 7 * DAY);
    const soonAfter = measured(second, 1_050_100, AT + 7 * DAY + 1000);
    expect(soonAfter.sections.credits.baseline).toMatchObject({ fetchedAt: AT, value: { playCount: 1_000_000 } });
    const third = measured(soonAfter, 1_060_100, AT + 14 * DAY + 1000);
    expect(summaryOf(third).streamsWeeklyChange?.value).toBe(10_000);
  });

  it('is not taken away by an event that comes without the past', () => {
    const second = measured(first, 1_050_000, AT + 7 * DAY);
    const anew = measured(aTrackEvent(), 1_060_000, AT + 8 * DAY);
    const state = [first, second, anew].map(stateOf).reduce(merge);
    expect(resolve(state).streamsWeeklyChange?.value).toBe(52_500);
  });

  it('comes from Chartmetric where no page is read', () => {
    const streams = {
      streams: 200,
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
    const asked = { provider: 'chartmetric', askedBy: `track:${trackId()}` };
    const event = aTrackEvent();
    const analytics = {
      ...event.sections.analytics,
      statistics: aPart(streams, { ...asked, fetchedAt: AT + 7 * DAY }),
      baseline: aPart({ streams: 100 }, { ...asked, fetchedAt: AT }),
    };
    const summary = summaryOf({ ...event, sections: { ...event.sections, analytics } });
    expect(summary.streamsWeeklyChange).toEqual({ value: 100, source: 'analytics.two_points', at: AT + 7 * DAY });
  });
});
