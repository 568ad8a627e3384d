import { describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpRequest } from '#providers/http.ts';
import { failure } from '#stream/failure.ts';
import { anAnswer, anAsking, aStatus, fakeHttp, providerPorts } from '#test/support/providers.ts';
import { ids, idsAsked, scriptedClient, scriptedWebApi, spotifyId, wireTrackOf } from '#test/support/spotify.ts';
import { AT } from '#test/support/tracks.ts';

/** What Spotify says of an error, in its own envelope. */
const problem = (status: number, message: string, headers: Record<string, string> = {}, more: object = {}) =>
  anAnswer({ error: { status, message, ...more } }, { status, headers });
const tracksFor = (request: HttpRequest): HttpAnswer =>
  anAnswer({ tracks: idsAsked(request).map((id) => wireTrackOf(id)) });
const isBatch = ({ url }: HttpRequest): boolean => url.includes('ids=');
/** A body that is no JSON, as gateways send it. */
const noJson = (status: number, text: string) => anAnswer(null, { status, text });

/** Asks for one track, or for fifty at once, and tells what came of it. */
async function asked(respond: (request: HttpRequest) => HttpAnswer, count = 1) {
  const { http, requests, paths } = scriptedWebApi(respond);
  const ports = providerPorts(http);
  const client = scriptedClient(http, ports);
  const answers = await Promise.all(ids(count).map((id) => client.tracks(id, anAsking())));
  const calls = requests.filter(({ url }) => !url.endsWith('/api/token'));
  const stored = await ports.ledger.find('spotify', 'track', ids(count), 0);
  return { answers, calls, paths: paths(), ports, client, stored };
}

describe('the error table of the Web API', () => {
  test('400 of a single call is terminal for the id', async () => {
    const { answers, calls } = await asked((request) =>
      isBatch(request) ? problem(403, 'Forbidden') : problem(400, 'invalid id'),
    );
    expect(answers).toMatchObject([{ kind: 'failed', failure: { code: 'BAD_REQUEST' } }]);
    expect(calls).toHaveLength(2);
  });

  test('400 of a batch is bisected: the bad id stands alone, and forty-nine get their answer', async () => {
    const bad = spotifyId(5);
    const { answers, calls, stored } = await asked(
      (request) => (idsAsked(request).includes(bad) ? problem(400, 'invalid id') : tracksFor(request)),
      50,
    );
    expect(answers.flatMap(({ kind }, place) => (kind === 'found' ? [] : [place]))).toEqual([5]);
    expect(answers[5]).toMatchObject({ failure: { code: 'BAD_REQUEST' } });
    // Twice for each halving of 50, and the first.
    expect([calls.length <= 13, stored.size]).toEqual([true, 49]);
  });

  test('401 costs one new token and one more try, however many ask', async () => {
    const { answers, paths, calls } = await asked(
      (request) =>
        request.headers['authorization'] === 'Bearer token'
          ? problem(401, 'The access token expired')
          : tracksFor(request),
      200,
    );
    expect(answers.every(({ kind }) => kind === 'found')).toBe(true);
    expect([paths.filter((path) => path === 'POST /api/token').length, calls.length]).toEqual([2, 8]);
  });

  test('401 again with the new token: UNAUTHORIZED, and no third try', async () => {
    const { answers, calls } = await asked(() => problem(401, 'Invalid access token'));
    expect([answers, calls.length]).toMatchObject([[{ kind: 'failed', failure: { code: 'UNAUTHORIZED' } }], 2]);
  });

  test('403 of a batch alone is a capability: one call more, and nobody fails', async () => {
    const { answers, calls } = await asked(
      (request) => (isBatch(request) ? problem(403, 'Forbidden') : anAnswer(wireTrackOf(request.url.slice(-22)))),
      3,
    );
    expect([answers.map(({ kind }) => kind), calls.length]).toEqual([['found', 'found', 'found'], 4]);
  });

  test('403 whichever way one asks is trouble of the account: UNAUTHORIZED after two calls, and no profile is switched', async () => {
    const premium = problem(403, 'Active premium subscription required for the owner of the app.');
    const { answers, calls, client, stored } = await asked(() => premium, 50);
    expect(new Set(answers.map((answer) => answer.kind === 'failed' && answer.failure.code))).toEqual(
      new Set(['UNAUTHORIZED']),
    );
    expect([calls.length, client.profile(), stored.size]).toEqual([2, 'extended', 0]);
  });

  test('403 in a page of something on the way says nothing of the account', async () => {
    const { answers, calls, client } = await asked(() => noJson(403, '<html>Access denied</html>'), 50);
    expect(answers[0]).toMatchObject({ kind: 'failed', failure: { code: 'PROVIDER_ERROR' } });
    expect([calls.length, client.profile()]).toEqual([1, 'extended']);
  });

  test('404 is "not found"', async () => {
    const { answers } = await asked((request) => problem(isBatch(request) ? 403 : 404, 'Resource not found'));
    expect(answers).toEqual([{ kind: 'not_found', fetchedAt: AT }]);
  });

  test('F1 429 handling: 429 pauses the whole account for as long as it says, 24 hours too, and no call is made in it', async () => {
    const { answers, calls, ports, client } = await asked(
      () => problem(429, 'API rate limit exceeded', { 'retry-after': '86400' }),
      50,
    );
    expect(answers[0]).toMatchObject({ failure: { code: 'RATE_LIMITED', retryAfterMs: 86_400_000 } });
    expect(await ports.governor.paused('spotify')).toMatchObject({ until: AT + 86_400_000 });
    const later = await Promise.all(ids(300).map((id) => client.artists(id, anAsking())));
    expect(later.every((answer) => answer.kind === 'failed' && answer.failure.retryAfterMs === 86_400_000)).toBe(true);
    expect(calls).toHaveLength(1);
  });

  test('429 with the reason QUOTA_EXCEEDED is a quota, not a rate', async () => {
    const { answers, ports } = await asked(() =>
      problem(429, 'API rate limit exceeded', { 'retry-after': '3600' }, { reason: 'QUOTA_EXCEEDED' }),
    );
    expect(answers).toMatchObject([{ failure: { code: 'QUOTA_SPENT', retryAfterMs: 3_600_000 } }]);
    expect(await ports.governor.paused('spotify')).toMatchObject({ until: AT + 3_600_000 });
  });

  test('429 without Retry-After pauses too, for as long as the window rolls', async () => {
    const { answers, ports } = await asked(() => problem(429, 'API rate limit exceeded'));
    expect(answers).toMatchObject([{ failure: { code: 'RATE_LIMITED' } }]);
    expect(await ports.governor.paused('spotify')).toMatchObject({ until: AT + 30_000 });
  });

  test('429 without Retry-After to audio features alone, never answered before, means that they are closed', async () => {
    const { http, paths } = scriptedWebApi((request) =>
      request.url.includes('audio-features') ? problem(429, 'Too many requests') : anAnswer(wireTrackOf(spotifyId())),
    );
    const ports = providerPorts(http);
    const client = scriptedClient(http, ports);
    const answers = await Promise.all(ids(3).map((id) => client.features(id, anAsking())));
    expect(answers.map(({ kind }) => kind)).toEqual(['not_offered', 'not_offered', 'not_offered']);
    expect([await ports.governor.paused('spotify'), client.profile()]).toEqual([null, 'legacy-dev']);
    expect(paths().slice(1)).toEqual(['GET /v1/audio-features', `GET /v1/tracks/${spotifyId(0)}`]);
  });

  test.each([
    [500, 'PROVIDER_ERROR'],
    [502, 'PROVIDER_ERROR'],
    [503, 'PROVIDER_DOWN'],
    [504, 'PROVIDER_ERROR'],
  ] as const)('%i with HTML or nothing in it: %s, tried again by the stage, nothing stored', async (status, code) => {
    for (const text of ['<html><h1>Bad Gateway</h1></html>', '']) {
      const { answers, calls, stored } = await asked(() => noJson(status, text));
      expect(answers).toMatchObject([{ kind: 'failed', failure: { code } }]);
      expect([calls.length, stored.size]).toEqual([1, 0]);
    }
  });

  test.each([
    ['an HTML page', '<html>Please stand by.</html>'],
    ['nothing', ''],
    ['half of it', '{"tracks":[{"id":"'],
  ])('200 with %s instead of JSON is trouble, not a fact', async (_, text) => {
    const { answers, stored } = await asked(() => noJson(200, text));
    expect([answers, stored.size]).toMatchObject([[{ kind: 'failed', failure: { code: 'PROVIDER_ERROR' } }], 0]);
  });

  test.each(['TIMEOUT', 'CONNECTION', 'PROVIDER_DOWN'] as const)('%s on the way stays what it is', async (code) => {
    const { http } = scriptedWebApi(() => failure(code, 'on the way'));
    expect(await scriptedClient(http).tracks(spotifyId(), anAsking())).toMatchObject({ failure: { code } });
  });
});

describe('the token', () => {
  test('400 invalid_client: UNAUTHORIZED, and the Web API is not asked', async () => {
    const { http, paths } = fakeHttp(() => anAnswer({ error: 'invalid_client' }, { status: 400 }));
    const answer = await scriptedClient(http).tracks(spotifyId(), anAsking());
    expect([answer, paths()]).toMatchObject([{ failure: { code: 'UNAUTHORIZED' } }, ['POST /api/token']]);
  });

  test('is renewed a minute before it ends, by one for all', async () => {
    let now = AT;
    const { http, paths } = scriptedWebApi(tracksFor);
    const client = scriptedClient(http, { now: () => now });
    const tokens = () => paths().filter((path) => path === 'POST /api/token').length;
    await client.tracks(spotifyId(1), anAsking());
    now = AT + 3_539_000;
    await client.tracks(spotifyId(2), anAsking());
    expect(tokens()).toBe(1);
    now = AT + 3_541_000;
    await Promise.all(ids(120).map((id) => client.artists(id, anAsking({ now }))));
    expect(tokens()).toBe(2);
  });

  test.each([503, 429])('%i of the accounts service is trouble that passes', async (status) => {
    const { http } = fakeHttp(() => aStatus(status));
    const answer = await scriptedClient(http).tracks(spotifyId(), anAsking());
    expect(answer).toMatchObject({
      kind: 'failed',
      failure: { code: status === 503 ? 'PROVIDER_DOWN' : 'RATE_LIMITED' },
    });
  });
});
