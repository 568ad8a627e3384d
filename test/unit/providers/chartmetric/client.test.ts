import { describe, expect, it } from 'vitest';
import { chartmetricClient } from '#providers/chartmetric/client.ts';
import { aProviderWorld, type Scripted } from '#test/support/provider-world.ts';
import { anAsking } from '#test/support/providers.ts';
import { AT, trackId } from '#test/support/tracks.ts';

const UNKNOWN_ROUTE =
  'Session token not found or was expired. User is not authorized to access this Chartmetric internal API endpoint.';

/** A client whose service hands out tokens t1, t2, … and answers GETs by path. */
function aClient(answer: (path: string, bearer: string) => Scripted) {
  let tokens = 0;
  const world = aProviderWorld('chartmetric', ({ url, method, headers }) => {
    const { pathname } = new URL(url);
    if (method === 'GET') return answer(pathname, headers['authorization'] ?? '');
    tokens += 1;
    return { json: { token: `t${tokens}`, expires_in: 3600, refresh_token: 'r', scope: 'api' } };
  });
  const client = chartmetricClient({ apiUrl: 'https://chartmetric.test', refreshToken: 'refresh-me' }, world.ports);
  return { ...world, client };
}

const ids = (...chartmetric: number[]): Scripted => ({
  json: { obj: [{ isrc: 'USTST2600001', chartmetric_ids: chartmetric, spotify_ids: [], itunes_ids: null }] },
});

const codeOf = (answer: { kind: string; failure?: { code: string } }) =>
  answer.kind === 'failed' ? answer.failure?.code : answer.kind;

describe('the Chartmetric client', () => {
  it('exchanges the refresh token once for all who ask, under `refreshtoken` in one word', async () => {
    const { client, requests } = aClient(() => ids(7));
    await Promise.all(['USTST2600001', 'USTST2600002'].map((isrc) => client.idByIsrc(isrc, anAsking())));
    const posts = requests.filter(({ method }) => method === 'POST');
    expect(posts.map(({ url, body }) => [url, body])).toEqual([
      ['https://chartmetric.test/api/token', '{"refreshtoken":"refresh-me"}'],
    ]);
  });

  it('renews the token before it ends', async () => {
    const { client, requests, pass } = aClient(() => ids(7));
    await client.idByIsrc('USTST2600001', anAsking());
    pass(3_590_000);
    await client.idByIsrc('USTST2600002', anAsking());
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST', 'GET']);
  });

  it('asks ids by ISRC or by Spotify id, and the track by the id it got', async () => {
    const { client, requests } = aClient((path) =>
      path.endsWith('get-ids') ? ids(7) : { json: { obj: { id: 7, track_stage: 'mid-level' } } },
    );
    const byIsrc = await client.idByIsrc('USTST2600001', anAsking());
    const bySpotify = await client.idBySpotify(trackId(), anAsking());
    const track = await client.track(7, anAsking());
    expect(requests.filter(({ method }) => method === 'GET').map(({ url }) => new URL(url).pathname)).toEqual([
      '/api/track/isrc/USTST2600001/get-ids',
      `/api/track/spotify/${trackId()}/get-ids`,
      '/api/track/7',
    ]);
    expect([byIsrc, bySpotify]).toEqual(Array(2).fill({ kind: 'found', facts: 7, fetchedAt: AT }));
    expect(track.kind === 'found' && track.facts.profile.trackStage).toBe('mid-level');
  });

  it('reads an empty list, a list without ids and a 404 as "no such thing"', async () => {
    const { client } = aClient((path) => {
      if (path.includes('1/get-ids')) return { json: { obj: [] } };
      return path.includes('2/get-ids') ? ids() : { status: 404, json: { error: 'Not found' } };
    });
    const answers = await Promise.all([
      client.idByIsrc('USTST2600001', anAsking()),
      client.idByIsrc('USTST2600002', anAsking()),
      client.track(9, anAsking()),
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual(['not_found', 'not_found', 'not_found']);
  });

  it('keeps ids for ever and the track for a day', async () => {
    const { client, requests, pass } = aClient((path) =>
      path.endsWith('get-ids') ? ids(7) : { json: { obj: { id: 7 } } },
    );
    const ask = async (now: number) => {
      await client.idByIsrc('USTST2600001', anAsking({ now }));
      await client.track(7, anAsking({ now }));
    };
    await ask(AT);
    const yearLater = 365 * 86_400_000;
    pass(yearLater);
    await ask(AT + yearLater);
    const gets = requests.filter(({ method }) => method === 'GET').map(({ url }) => new URL(url).pathname);
    expect(gets).toEqual(['/api/track/isrc/USTST2600001/get-ids', '/api/track/7', '/api/track/7']);
  });

  it('mends a refused token with one new token and one more try', async () => {
    const { client, requests } = aClient((_, bearer) =>
      bearer === 'Bearer t1' ? { status: 401, json: { error: 'Token expired or invalid.' } } : ids(7),
    );
    const answer = await client.idByIsrc('USTST2600001', anAsking());
    expect(answer.kind).toBe('found');
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST', 'GET']);
  });

  it('does not take the 401 of an unknown route for an expired token', async () => {
    const { client, requests } = aClient(() => ({ status: 401, json: { error: UNKNOWN_ROUTE } }));
    const answer = await client.track(7, anAsking());
    expect(codeOf(answer)).toBe('not_offered');
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it('says "not offered" where the plan lacks the endpoint', async () => {
    const { client } = aClient(() => ({ status: 403, json: { error: 'plan' } }));
    expect((await client.track(7, anAsking())).kind).toBe('not_offered');
  });

  it('sends nothing more after a 429 until the reset that it names', async () => {
    const headers = {
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(AT / 1000 + 5),
    };
    let limited = true;
    const { client, requests, pass } = aClient(() => (limited ? { status: 429, headers, json: {} } : ids(7)));
    const first = await client.idByIsrc('USTST2600001', anAsking());
    const second = await client.idByIsrc('USTST2600002', anAsking());
    expect([first, second].map((answer) => (answer.kind === 'failed' ? answer.failure.retryAfterMs : null))).toEqual([
      5_000, 5_000,
    ]);
    expect(requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
    limited = false;
    pass(5_001);
    expect((await client.idByIsrc('USTST2600002', anAsking())).kind).toBe('found');
  });

  it('reads the rate headers that say "false" as saying nothing', async () => {
    const headers = { 'x-ratelimit-limit': 'false', 'x-ratelimit-remaining': 'false', 'x-ratelimit-reset': 'false' };
    const { client } = aClient(() => ({ status: 429, headers, json: {} }));
    const answer = await client.track(7, anAsking());
    expect(answer.kind === 'failed' && answer.failure).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: null });
  });

  it('reads an answer without its id as drift', async () => {
    const { client } = aClient(() => ({ json: { obj: { name: 'x' } } }));
    expect(codeOf(await client.track(7, anAsking()))).toBe('UNPARSEABLE');
  });

  it('says that the credentials are refused when the refresh token is', async () => {
    const world = aProviderWorld('chartmetric', () => ({ status: 401, json: { error: 'Invalid refresh token' } }));
    const client = chartmetricClient({ apiUrl: 'https://chartmetric.test', refreshToken: 'bad' }, world.ports);
    expect(codeOf(await client.track(7, anAsking()))).toBe('UNAUTHORIZED');
  });
});
