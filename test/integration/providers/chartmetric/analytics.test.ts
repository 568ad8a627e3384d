import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchHttp } from '#adapters/http/fetch.ts';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { analyticsStage } from '#phases/analytics/stage.ts';
import { chartmetricClient } from '#providers/chartmetric/client.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { sandboxCredentials } from '#sandbox/credentials.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import type { Outcome } from '#stream/outcome.ts';
import { type CatalogueTrack, catalogueTracks } from '#test/support/catalogue.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { anAsking, providerPorts } from '#test/support/providers.ts';
import { aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';

const catalogue = createCatalogue();
const tracks = catalogueTracks(catalogue, 120);

function clientOf(
  sandbox: Sandbox,
  perSecond: number,
  refreshToken: string = sandboxCredentials.CHARTMETRIC_REFRESH_TOKEN,
) {
  const governor = memoryGovernor({ chartmetric: { perSecond, burst: 1 } }, Date.now);
  return chartmetricClient(
    { apiUrl: sandbox.urls.CHARTMETRIC_API_URL, refreshToken },
    providerPorts(fetchHttp, { governor, now: Date.now }),
  );
}

const messages = tracks.map(({ id, recording }) =>
  aMessage(aTrackEvent({ trackId: id }, { isrc: recording.isrc, name: recording.title })),
);

function seenOf(outcome: Outcome<TrackEvent>) {
  if (outcome.kind !== 'forward') throw new Error(`an event did not go on: ${JSON.stringify(outcome)}`);
  const { reports, sections, summary } = outcome.event;
  const { statistics, profile } = sections.analytics;
  return {
    status: reports.analytics?.status,
    streams: statistics?.value.streams,
    popularity: statistics?.value.popularity,
    stage: profile?.value.trackStage,
    summed: summary?.streams?.value ?? null,
  };
}

function dueOf({ recording }: CatalogueTrack): ReturnType<typeof seenOf> {
  const nothing = { streams: undefined, popularity: undefined, stage: undefined, summed: null };
  if (recording.has('unknownToChartmetric')) return { status: 'not_found', ...nothing };
  const { streams, popularity, stage } = catalogue.measures(recording);
  return { status: 'enriched', streams, popularity, stage, summed: streams };
}

describe('the analytics phase against the sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ pace: 'zero' });
  });
  afterAll(() => sandbox.stop());

  const calls = () => sandbox.calls().providers.chartmetric;

  it('finds what the catalogue holds, with and without ISRC, by two calls a track and none the second time', async () => {
    const stage = analyticsStage(clientOf(sandbox, 1_000));
    const pass = () => stage.handle(messages, aContext({ now: Date.now() }));
    const outcomes = await pass();
    expect(outcomes.map(seenOf)).toEqual(tracks.map(dueOf));
    expect(tracks.some(({ recording }) => recording.has('numbersAsStrings'))).toBe(true);
    expect(tracks.some(({ recording }) => recording.isrc === null)).toBe(true);

    const paid = calls();
    const known = tracks.filter(({ recording }) => !recording.has('unknownToChartmetric')).length;
    expect(paid?.endpoints['get-ids']?.calls).toBe(tracks.length);
    expect(paid?.endpoints['track']?.calls).toBe(known);
    expect(paid?.endpoints['token']?.calls).toBe(1);
    await pass();
    expect(calls()?.calls).toBe(paid?.calls);
  });

  it('mends a token that ended before its time', async () => {
    const client = clientOf(sandbox, 1_000);
    const [first, second] = tracks.filter(({ recording }) => !recording.has('unknownToChartmetric'));
    await client.idBySpotify(first?.id ?? '', anAsking({ now: Date.now() }));
    sandbox.setFault({ provider: 'chartmetric', mode: 'expire' });
    const answer = await client.idBySpotify(second?.id ?? '', anAsking({ now: Date.now() }));
    expect(answer.kind).toBe('found');
  });

  it('goes on by itself after a 429, and sends nothing in between', async () => {
    const client = clientOf(sandbox, 1_000);
    await client.idBySpotify(trackId(1), anAsking({ now: Date.now() }));
    sandbox.setFault({ provider: 'chartmetric', mode: 'status:429', retryAfter: 1, count: 1 });
    const before = calls()?.calls ?? 0;
    const refused = await client.idBySpotify(trackId(2), anAsking({ now: Date.now() }));
    const still = await client.idBySpotify(trackId(3), anAsking({ now: Date.now() }));
    expect([refused, still].map((answer) => (answer.kind === 'failed' ? answer.failure.code : answer.kind))).toEqual([
      'RATE_LIMITED',
      'RATE_LIMITED',
    ]);
    expect((calls()?.calls ?? 0) - before).toBe(1);
    await expect
      .poll(async () => (await client.idBySpotify(trackId(2), anAsking({ now: Date.now() }))).kind, { timeout: 5_000 })
      .not.toBe('failed');
  });

  it.each([
    ['down', 'PROVIDER_DOWN'],
    ['cut', 'CONNECTION'],
    ['html', 'PROVIDER_ERROR'],
    ['status:500', 'PROVIDER_ERROR'],
    ['status:401', 'not_offered'],
  ] as const)('tells that the service is in trouble (%s) as %s, and never as "not found"', async (mode, code) => {
    sandbox.setFault({ provider: 'chartmetric', endpoint: 'get-ids', mode, count: 1 });
    const answer = await clientOf(sandbox, 1_000).idByIsrc('USTST2600001', anAsking({ now: Date.now() }));
    expect(answer.kind === 'failed' ? answer.failure.code : answer.kind).toBe(code);
    sandbox.clearFaults();
  });

  it('says so when the refresh token is refused', async () => {
    const answer = await clientOf(sandbox, 1_000, 'nonsense').track(7, anAsking({ now: Date.now() }));
    expect(answer.kind === 'failed' ? answer.failure.code : answer.kind).toBe('UNAUTHORIZED');
  });
});
