import { describe, expect, test } from 'vitest';
import { analyticsStage } from '#phases/analytics/stage.ts';
import { creditsStage } from '#phases/credits/stage.ts';
import { linksStage } from '#phases/links/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { spotifyStage } from '#phases/spotify/stage.ts';
import { chartmetricClient } from '#providers/chartmetric/client.ts';
import type { HttpAnswer, HttpRequest } from '#providers/http.ts';
import { musicbrainzClient } from '#providers/musicbrainz/client.ts';
import { classOf, type Failure, failure } from '#stream/failure.ts';
import type { Outcome } from '#stream/outcome.ts';
import type { Stage } from '#stream/stage.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { aProviderWorld, type Scripted } from '#test/support/provider-world.ts';
import { anAnswer, anAsking, aStatus, providerPorts } from '#test/support/providers.ts';
import {
  ALBUM,
  ARTIST,
  ids,
  idsAsked,
  scriptedClient,
  scriptedWebApi,
  spotifyId,
  wireTrackOf,
} from '#test/support/spotify.ts';
import { AT, aRawTrack, aTrackEvent } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import type { PhaseName } from '#track/phase.ts';

/** Every row of the failure classes, seen from the stage: what becomes of the message. */

const DAY = 86_400_000;
const ISRC = 'USTST2600001';

const album = { id: ALBUM, name: 'Example Album', label: 'Example Records', popularity: 0, external_ids: { upc: '1' } };
const artist = { id: ARTIST, name: 'Ada Example', genres: [], followers: { total: 0 }, popularity: 0 };

/** The Web API with everything there, but for what a test says of tracks. */
const webApi = (tracks: (request: HttpRequest) => HttpAnswer | Failure) =>
  scriptedWebApi((request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/v1/tracks')) return tracks(request);
    if (pathname === '/v1/albums') return anAnswer({ albums: idsAsked(request).map(() => album) });
    if (pathname === '/v1/artists') return anAnswer({ artists: idsAsked(request).map(() => artist) });
    if (pathname.startsWith('/v1/albums/')) return anAnswer(album);
    if (pathname.startsWith('/v1/artists/')) return anAnswer(artist);
    return anAnswer({ audio_features: idsAsked(request).map(() => null) });
  });

const told = (outcome: Outcome<TrackEvent> | undefined, phase: PhaseName) =>
  outcome !== undefined && 'event' in outcome
    ? `${outcome.kind} ${outcome.event.reports[phase]?.status}`
    : outcome?.kind;

const failureOf = (outcome: Outcome<TrackEvent> | undefined): Failure => {
  if (outcome === undefined || outcome.kind === 'forward') throw new Error(`no failure: ${JSON.stringify(outcome)}`);
  return outcome.failure;
};

/** Tracks through the first phase. */
async function throughSpotify(
  respond: (request: HttpRequest) => HttpAnswer | Failure,
  tracks: readonly string[] = [spotifyId()],
) {
  const network = webApi(respond);
  const ports = providerPorts(network.http);
  const stage = spotifyStage(scriptedClient(network.http, ports), PACE);
  const outcomes = await stage.handle(
    tracks.map((track) => aMessage(aRawTrack({ track }))),
    aContext(),
  );
  return { ...network, ports, outcomes, said: outcomes.map((outcome) => told(outcome, 'spotify')) };
}

/** One event with an ISRC through a phase whose service answers by a script. */
async function through(account: 'musicbrainz' | 'chartmetric', answer: (path: string) => Scripted, { times = 1 } = {}) {
  const world = aProviderWorld(account, ({ url, method }) =>
    method === 'POST' ? { json: { token: 't', expires_in: 3600 } } : answer(new URL(url).pathname),
  );
  const stage: Stage<TrackEvent, TrackEvent> =
    account === 'musicbrainz'
      ? linksStage(
          musicbrainzClient(
            { url: 'https://mb.test', contact: 'a@b.example', version: '1', lingerMs: { live: 0, replay: 0 } },
            world.ports,
          ),
        )
      : analyticsStage(chartmetricClient({ apiUrl: 'https://cm.test', refreshToken: 'r' }, world.ports));
  const event = aTrackEvent({}, { isrc: ISRC });
  let outcome: Outcome<TrackEvent> | undefined;
  for (let time = 0; time < times; time += 1) [outcome] = await stage.handle([aMessage(event)], aContext());
  const gets = () => world.requests.filter(({ method }) => method === 'GET').length;
  const phase = account === 'musicbrainz' ? 'links' : 'analytics';
  return { ...world, outcome, said: told(outcome, phase), gets, stage, event };
}

describe('class ok / partial: emitted with an outcome for each field', () => {
  test('nulls in a batch cost their own track alone', async () => {
    const gone = spotifyId(1);
    const { said } = await throughSpotify(
      (request) => anAnswer({ tracks: idsAsked(request).map((id) => (id === gone ? null : wireTrackOf(id))) }),
      ids(3),
    );
    expect(said).toEqual(['forward enriched', 'forward not_found', 'forward enriched']);
  });

  test('fields that are not offered are named, and the track is enriched', async () => {
    const { outcomes, said } = await throughSpotify((request) => {
      const { popularity: _, ...track } = wireTrackOf(spotifyId());
      return request.url.includes('ids=') ? aStatus(403) : anAnswer(track);
    });
    const [outcome] = outcomes;
    const access = outcome?.kind === 'forward' ? outcome.event.sections.spotify.access : null;
    expect(said).toEqual(['forward enriched']);
    expect(access?.value).toEqual({ profile: 'new-dev', notOffered: ['popularity'] });
  });
});

describe('class not_found: a terminal outcome, remembered for a while', () => {
  test.each([
    ['Spotify: null', () => throughSpotify((request) => anAnswer({ tracks: idsAsked(request).map(() => null) }))],
    [
      'Spotify: 404 of a single call',
      () => throughSpotify((request) => (request.url.includes('ids=') ? aStatus(403) : aStatus(404))),
    ],
  ])('%s', async (_, asked) => {
    expect((await asked()).said).toEqual(['forward not_found']);
  });

  test('Chartmetric: obj:[], asked again only after three days', async () => {
    const { said, gets, stage, event, pass } = await through('chartmetric', () => ({ json: { obj: [] } }), {
      times: 2,
    });
    expect([said, gets()]).toEqual(['forward not_found', 1]);
    pass(3 * DAY + 1);
    await stage.handle([aMessage(event)], aContext({ now: AT + 3 * DAY + 1 }));
    expect(gets()).toBe(2);
  });

  test('MusicBrainz: 404 and an empty page, asked again only after a week', async () => {
    const empty = { json: { count: 0, offset: 0, recordings: [] } };
    const { gets, stage, event, pass } = await through('musicbrainz', () => empty, { times: 2 });
    expect(gets()).toBe(1);
    pass(7 * DAY + 1);
    await stage.handle([aMessage(event)], aContext({ now: AT + 7 * DAY + 1 }));
    expect(gets()).toBe(2);
  });
});

describe('class restricted: emitted as that', () => {
  test('COUNTRY_RESTRICTED of the web player', async () => {
    const restricted = async () => ({ kind: 'restricted', fetchedAt: AT }) as const;
    const stage = creditsStage({ credits: restricted, streams: restricted }, PACE);
    const [outcome] = await stage.handle([aMessage(aTrackEvent())], aContext());
    expect(told(outcome, 'credits')).toBe('forward restricted');
  });

  test('restrictions.reason of Spotify, whatever it says: the facts are there all the same', async () => {
    const { said } = await throughSpotify(() =>
      anAnswer({
        tracks: [wireTrackOf(spotifyId(), { is_playable: false, restrictions: { reason: 'a-new-reason' } })],
      }),
    );
    expect(said).toEqual(['forward enriched']);
  });
});

describe('class retry_soon: tried again in place, bounded', () => {
  test.each<[string, HttpAnswer | Failure]>([
    ['500', aStatus(500)],
    ['502 with HTML', anAnswer(null, { status: 502, text: '<html>' })],
    ['504 with nothing', anAnswer(null, { status: 504, text: '' })],
    ['200 with HTML', anAnswer(null, { text: '<html>' })],
    ['200 with JSON that was cut', anAnswer(null, { text: '{"tracks":[' })],
    ['a reset connection', failure('CONNECTION', 'reset')],
    ['a slow socket', failure('TIMEOUT', 'late')],
  ])('%s', async (_, answer) => {
    const { outcomes, ports } = await throughSpotify(() => answer);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['retry']);
    expect(classOf(failureOf(outcomes[0]).code)).toBe('transient');
    expect(await ports.governor.paused('spotify')).toBeNull();
  });

  test('MusicBrainz sheds load: 503 of zone search-global', async () => {
    const { outcome, ports } = await through('musicbrainz', () => ({
      status: 503,
      headers: { 'x-ratelimit-zone': 'search-global' },
      json: {},
    }));
    expect(classOf(failureOf(outcome).code)).toBe('transient');
    expect(await ports.governor.paused('musicbrainz')).toBeNull();
  });

  test('is given up in the end: the event goes on with what it has', async () => {
    const stage = spotifyStage(scriptedClient(webApi(() => aStatus(500)).http), PACE);
    const message = aMessage(aRawTrack({ track: spotifyId() }));
    await stage.handle([message], aContext());
    const event = stage.giveUp(message, failure('PROVIDER_ERROR', '500'), aContext({ attempt: 5 }));
    expect(event.reports.spotify).toMatchObject({ status: 'failed', code: 'PROVIDER_ERROR', attempts: 5 });
  });
});

describe('class defer_until: nobody calls before the moment, and nothing is lost', () => {
  test.each<[string, HttpAnswer, Failure['code'], number]>([
    ['429 with Retry-After', aStatus(429, { 'retry-after': '7200' }), 'RATE_LIMITED', 7_200_000],
    [
      'QUOTA_EXCEEDED',
      anAnswer({ error: { status: 429, reason: 'QUOTA_EXCEEDED' } }, { status: 429, headers: { 'retry-after': '60' } }),
      'QUOTA_SPENT',
      60_000,
    ],
  ])('%s', async (_, answer, code, wait) => {
    const { outcomes, ports, requests } = await throughSpotify(() => answer);
    const { code: said, retryAfterMs } = failureOf(outcomes[0]);
    expect([outcomes[0]?.kind, said, retryAfterMs, classOf(said)]).toEqual(['retry', code, wait, 'provider']);
    expect((await ports.governor.paused('spotify'))?.until).toBe(AT + wait);
    const before = requests.length;
    await spotifyStage(scriptedClient(ports.http, ports), PACE).handle(
      [aMessage(aRawTrack({ track: spotifyId(2) }))],
      aContext(),
    );
    expect(requests.slice(before).filter(({ url }) => !url.endsWith('/api/token'))).toEqual([]);
  });

  test('MusicBrainz: 503 above our own rate', async () => {
    const { outcome, ports } = await through('musicbrainz', () => ({
      status: 503,
      headers: { 'retry-after': '4' },
      json: { error: 'Your requests are exceeding the allowable rate limit.' },
    }));
    expect([outcome?.kind, failureOf(outcome).code]).toEqual(['retry', 'RATE_LIMITED']);
    expect((await ports.governor.paused('musicbrainz'))?.until).toBe(AT + 4_000);
  });

  test('Chartmetric: 429 until the reset', async () => {
    const { outcome, ports } = await through('chartmetric', () => ({
      status: 429,
      headers: { 'x-ratelimit-reset': String(AT / 1000 + 9) },
      json: {},
    }));
    expect([outcome?.kind, failureOf(outcome).code]).toEqual(['retry', 'RATE_LIMITED']);
    expect((await ports.governor.paused('chartmetric'))?.until).toBe(AT + 9_000);
  });
});

describe('class auth: one new token, one more try, then the stage waits', () => {
  test('401 that a new token mends', async () => {
    const { said, paths } = await throughSpotify((request) =>
      request.headers['authorization'] === 'Bearer token'
        ? aStatus(401)
        : anAnswer({ tracks: idsAsked(request).map((id) => wireTrackOf(id)) }),
    );
    expect(said).toEqual(['forward enriched']);
    expect(paths().filter((path) => path === 'POST /api/token')).toHaveLength(2);
  });

  test('401 that it does not mend is trouble of the whole provider: retry, never a fact, never a dead letter', async () => {
    const { outcomes } = await throughSpotify(() => aStatus(401));
    expect([outcomes[0]?.kind, classOf(failureOf(outcomes[0]).code)]).toEqual(['retry', 'provider']);
  });
});

describe('class capability: the profile is switched, the track is never dead-lettered', () => {
  test('403 of batches', async () => {
    const { said } = await throughSpotify(
      ({ url }) => (url.includes('ids=') ? aStatus(403) : anAnswer(wireTrackOf(url.slice(-22)))),
      ids(3),
    );
    expect(new Set(said)).toEqual(new Set(['forward enriched']));
  });

  test('Chartmetric: the 401 of an unknown route is no expired token', async () => {
    const error = 'Session token not found … not authorized to access this Chartmetric internal API endpoint.';
    const { said, requests } = await through('chartmetric', () => ({ status: 401, json: { error } }));
    expect([said, requests.filter(({ method }) => method === 'POST').length]).toEqual(['forward not_offered', 1]);
  });

  test('Chartmetric: 403 of the plan', async () => {
    const { said } = await through('chartmetric', () => ({ status: 403, json: {} }));
    expect(said).toBe('forward not_offered');
  });
});

describe('class drift: the event goes on, a letter stays, nothing of it is stored', () => {
  test('an answer in an unknown shape', async () => {
    const { outcomes, said, ports } = await throughSpotify(() =>
      anAnswer({ tracks: [{ ...wireTrackOf(spotifyId()), name: undefined, title: 'renamed' }] }),
    );
    expect(said).toEqual(['degrade failed']);
    expect(failureOf(outcomes[0])).toMatchObject({ code: 'UNPARSEABLE', message: expect.stringContaining('name') });
    expect((await ports.ledger.find('spotify', 'track', [spotifyId()], 0)).size).toBe(0);
  });
});

describe('class poison: dead-lettered with the reason', () => {
  test('a malformed input id', async () => {
    const { outcomes, requests } = await throughSpotify(() => aStatus(400), ['no-track']);
    expect([outcomes[0]?.kind, failureOf(outcomes[0]).code, requests]).toEqual(['dead-letter', 'NO_TRACK_ID', []]);
  });

  test('a malformed id is never sent, whoever asks', async () => {
    const { http, requests } = webApi(() => aStatus(400));
    expect(await scriptedClient(http).tracks('not-an-id', anAsking())).toMatchObject({
      failure: { code: 'BAD_REQUEST' },
    });
    expect(requests).toEqual([]);
  });
});
