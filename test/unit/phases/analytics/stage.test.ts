import { describe, expect, it } from 'vitest';
import { analyticsStage } from '#phases/analytics/stage.ts';
import type { Answer } from '#providers/answer.ts';
import type { ChartmetricClient } from '#providers/chartmetric/client.ts';
import type { FoundTrack } from '#providers/chartmetric/read.ts';
import { failure } from '#stream/failure.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { found, inTrouble, notFound } from '#test/support/provider-world.ts';
import { AT, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

const ISRC = 'USTST2600001';
const DAY = 86_400_000;

const track: FoundTrack = {
  statistics: {
    streams: 4_300_000_000,
    popularity: 61,
    playlists: 12,
    editorialPlaylists: 3,
    playlistReach: 98_765,
    youtubeViews: 222,
    shazams: null,
    tiktoks: null,
    streamsWeeklyChange: null,
    streamsWeeklyChangePercent: null,
  },
  profile: {
    score: 93.1,
    trackStage: 'mid-level',
    careerHealth: 'steady',
    genres: ['shoegaze'],
    moods: [],
    activities: [],
    songwriters: ['Ann Bee'],
    label: 'Canada Sounds',
    releaseDate: '2026-01-02',
  },
};

type Script = { readonly id?: Answer<number>; readonly track?: Answer<FoundTrack> };

async function run(script: Script, event: TrackEvent, context = aContext(), since: number | null = null) {
  const asked: string[] = [];
  const note = <Facts>(what: string, answer: Answer<Facts>): Promise<Answer<Facts>> => {
    asked.push(what);
    return Promise.resolve(answer);
  };
  const client: ChartmetricClient = {
    idByIsrc: (key) => note(`isrc ${key}`, script.id ?? found(7)),
    idBySpotify: (key) => note(`spotify ${key}`, script.id ?? found(7)),
    track: (key) => note(`track ${key}`, script.track ?? found(track)),
  };
  const stage = analyticsStage(client);
  const message = aMessage(event, { force: since === null ? null : { phases: ['analytics'], since } });
  const [outcome] = await stage.handle([message], context);
  if (outcome === undefined) throw new Error('no outcome');
  const after = 'event' in outcome ? outcome.event : null;
  return { stage, message, outcome, asked, after, report: after?.reports.analytics };
}

const withIsrc = (isrc: string | null = ISRC): TrackEvent => aTrackEvent({}, { isrc, name: 'Song' });

describe('the analytics phase', () => {
  it('writes id, statistics and profile, asked by ISRC', async () => {
    const { asked, after, report } = await run({}, withIsrc());
    const part = { provider: 'chartmetric', fetchedAt: AT, askedBy: `isrc:${ISRC}` };
    expect(asked).toEqual([`isrc ${ISRC}`, 'track 7']);
    expect(after?.sections.analytics).toEqual({
      identity: { ...part, value: { chartmetricId: 7 } },
      statistics: { ...part, value: track.statistics },
      profile: { ...part, value: track.profile },
      baseline: null,
    });
    expect(report).toEqual({ status: 'enriched', at: AT, code: null, attempts: 1, confirmedAt: null });
  });

  it('asks by Spotify id when the track has no ISRC', async () => {
    const { asked, after } = await run({}, withIsrc(null));
    expect(asked).toEqual([`spotify ${trackId()}`, 'track 7']);
    expect(after?.sections.analytics.statistics?.askedBy).toBe(`track:${trackId()}`);
  });

  it('asks by the canonical ISRC however the producer wrote it', async () => {
    const { asked, after } = await run({}, withIsrc('us-tst-26-00001'));
    expect(asked[0]).toBe(`isrc ${ISRC}`);
    expect(after?.sections.analytics.identity?.askedBy).toBe(`isrc:${ISRC}`);
  });

  it('keeps streams and popularity apart, up to the summary', async () => {
    const statistics = { ...(track.statistics ?? {}), streams: null } as NonNullable<FoundTrack['statistics']>;
    const { after } = await run({ track: found({ ...track, statistics }) }, withIsrc());
    expect(after?.summary?.streams).toBeNull();
    expect(after?.summary?.popularity?.value).toBe(61);
  });

  it('keeps statistics that it had when the answer has none', async () => {
    const before = (await run({}, withIsrc())).after ?? withIsrc();
    const { after } = await run(
      { track: found({ ...track, statistics: null }) },
      before,
      aContext({ now: AT + 2 * DAY }),
    );
    expect(after?.sections.analytics.statistics).toEqual(before.sections.analytics.statistics);
  });
});

describe('facts that are there already', () => {
  const enriched = async () => (await run({}, withIsrc())).after ?? withIsrc();

  it('and fresh are known without a client too', async () => {
    const [outcome] = await analyticsStage(null).handle([aMessage(await enriched())], aContext());
    expect(outcome?.kind === 'forward' && outcome.event.reports.analytics?.status).toBe('known');
  });

  it('and fresh are known, and nobody is asked', async () => {
    const { asked, report } = await run({}, await enriched(), aContext({ now: AT + DAY }));
    expect(asked).toEqual([]);
    expect(report).toMatchObject({ status: 'known', attempts: 0, confirmedAt: AT + DAY });
  });

  it('are asked again after a day, but never the id', async () => {
    const { asked } = await run({}, await enriched(), aContext({ now: AT + DAY + 1 }));
    expect(asked).toEqual(['track 7']);
  });

  it('are all asked again when that is forced', async () => {
    const { asked } = await run({}, await enriched(), aContext({ now: AT + 10 }), AT + 5);
    expect(asked).toEqual([`isrc ${ISRC}`, 'track 7']);
  });

  it('are all asked again when the ISRC was corrected; the new parts win although the answers are older', async () => {
    const before = await enriched();
    const corrected = { ...before, raw: { ...before.raw, isrc: 'USTST2600002' } };
    const { asked, after } = await run({ id: found(8, AT - DAY) }, corrected, aContext({ now: AT + 10 }));
    expect(asked).toEqual(['isrc USTST2600002', 'track 8']);
    expect(after?.sections.analytics.identity).toMatchObject({ askedBy: 'isrc:USTST2600002', fetchedAt: AT + 1 });
  });
});

describe('what the analytics phase reports', () => {
  it('is NO_MATCH when Chartmetric has no such track; it is not asked for more', async () => {
    const { asked, after, report } = await run({ id: notFound }, withIsrc());
    expect(asked).toEqual([`isrc ${ISRC}`]);
    expect(report).toMatchObject({ status: 'not_found', code: 'NO_MATCH' });
    expect(after?.sections.analytics).toEqual(NO_SECTIONS.analytics);
  });

  it('is NOT_OFFERED when the plan lacks it', async () => {
    const { report } = await run({ id: { kind: 'not_offered', fetchedAt: AT } }, withIsrc());
    expect(report).toMatchObject({ status: 'not_offered', code: 'NOT_OFFERED' });
  });

  it('is later than the report that the event came with, even if clocks differ', async () => {
    const before = (await run({}, withIsrc())).after ?? withIsrc();
    const { report } = await run({}, before, aContext({ now: AT - 5_000 }));
    expect(report?.at).toBe(AT + 1);
  });
});

describe('the summary', () => {
  it('is on the event however the phase ended', async () => {
    const enriched = await run({}, withIsrc());
    const known = await run({}, enriched.after ?? withIsrc());
    const none = await run({ id: notFound }, withIsrc());
    const drift = await run({ id: inTrouble('UNPARSEABLE') }, withIsrc());
    const [off] = await analyticsStage(null).handle([aMessage(withIsrc())], aContext());
    expect(drift.outcome.kind).toBe('degrade');
    const all = [enriched.after, known.after, none.after, drift.after, off?.kind === 'forward' ? off.event : null];
    expect(all.map((event) => [event?.reports.analytics?.status, event?.summary?.name?.value])).toEqual([
      ['enriched', 'Song'],
      ['known', 'Song'],
      ['not_found', 'Song'],
      ['failed', 'Song'],
      ['off', 'Song'],
    ]);
  });

  it('is on the event that goes on when the engine gives up, with what was learned before', async () => {
    const { stage, message, outcome } = await run({ track: inTrouble('TIMEOUT') }, withIsrc());
    expect(outcome.kind).toBe('retry');
    const given = stage.giveUp(message, failure('PROVIDER_DOWN', 'patience is spent'), aContext({ attempt: 3 }));
    expect(given.reports.analytics).toMatchObject({ status: 'failed', code: 'PROVIDER_DOWN', attempts: 3 });
    expect(given.sections.analytics.identity?.value.chartmetricId).toBe(7);
    expect(given.summary?.isrc?.value).toBe(ISRC);
  });
});
