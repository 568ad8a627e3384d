import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, at, catalogue, post, sandboxForTests, spotifyBearer } from './ask.ts';

const sandbox = await sandboxForTests();
const headers = await spotifyBearer(sandbox);
const api = (path: string) => ask(`${sandbox.urls.SPOTIFY_API_URL}${path}`, { headers });
const [id = '', other = ''] = catalogue.find.plain(2);
const recording = catalogue.recording(catalogue.resolve.track(id) ?? -1);
const artistId = recording.artists[0]?.id ?? '';
const order = (body: unknown, method = 'PUT') =>
  ask(`${sandbox.controlUrl}/_faults`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeEach(() => sandbox.resetCalls());
afterEach(() => sandbox.clearFaults());

describe("a Spotify account's profile, switched while the sandbox runs", () => {
  const seen = async () => ({
    batch: (await api(`/v1/tracks?ids=${id}`)).status,
    single: (await api(`/v1/tracks/${id}`)).status,
    features: (await api(`/v1/audio-features?ids=${id}`)).status,
    popularity: at((await api(`/v1/tracks/${id}`)).body, 'popularity') !== undefined,
    label: at((await api(`/v1/albums/${recording.album.id}`)).body, 'label') !== undefined,
    followers: at((await api(`/v1/artists/${artistId}`)).body, 'followers') !== undefined,
    isrc: at((await api(`/v1/tracks/${id}`)).body, 'external_ids', 'isrc'),
  });
  const all = { popularity: true, label: true, followers: true, isrc: recording.isrc };
  const less = { popularity: false, label: false, followers: false, isrc: recording.isrc };

  it.each([
    ['extended', { batch: 200, single: 200, features: 200, ...all }],
    ['legacy-dev', { batch: 200, single: 200, features: 403, ...all }],
    ['new-dev', { batch: 403, single: 200, features: 403, ...less }],
  ])('%s', async (profile, expected) => {
    expect((await order({ provider: 'spotify', mode: `profile:${profile}` })).status).toBe(200);
    expect(await seen()).toEqual(expected);
  });

  it('goes back to the first one when the faults are cleared', async () => {
    await order({ provider: 'spotify', mode: 'profile:new-dev' });
    await ask(`${sandbox.controlUrl}/_faults`, { method: 'DELETE' });
    expect((await seen()).batch).toBe(200);
  });

  it('refuses in the words of the Web API', async () => {
    await order({ provider: 'spotify', mode: 'profile:new-dev' });
    expect((await api(`/v1/tracks?ids=${id}`)).body).toEqual({ error: { status: 403, message: 'Forbidden' } });
  });
});

describe('a market', () => {
  const ids = catalogue.find.plain(50);
  const inMarket = async () => at((await api(`/v1/tracks?ids=${ids.join(',')}&market=DE`)).body, 'tracks');

  it('relinks some tracks: another id at their position, which names the asked one and is a track itself', async () => {
    const tracks = (await inMarket()) as readonly unknown[];
    const relinked = tracks.flatMap((track, place) => (at(track, 'id') === ids[place] ? [] : [{ track, place }]));
    expect(relinked.length).toBeGreaterThan(0);
    expect(relinked.map(({ track }) => at(track, 'linked_from', 'id'))).toEqual(
      relinked.map(({ place }) => ids[place]),
    );
    const alone = await api(`/v1/tracks/${at(relinked[0]?.track, 'id')}`);
    expect(at(alone.body, 'name')).toBe(at(relinked[0]?.track, 'name'));
  });

  it('is told what can be played; without one the markets are listed and nothing is relinked', async () => {
    const [first] = (await inMarket()) as readonly unknown[];
    expect([at(first, 'is_playable'), at(first, 'available_markets')]).toEqual([true, undefined]);
    const { body } = await api(`/v1/tracks?ids=${ids.join(',')}`);
    const tracks = at(body, 'tracks') as readonly unknown[];
    expect(tracks.map((track) => at(track, 'id'))).toEqual(ids);
    expect(at(tracks[0], 'available_markets')).toEqual([]);
  });

  it('does not show where a track can not be played, but still shows the track', async () => {
    const restricted = catalogue.find.idsWith(
      (one) => one.has('regionRestricted') && !one.has('unknownToSpotify'),
      1,
    )[0];
    const { body } = await api(`/v1/tracks/${restricted}?market=DE`);
    expect(body).toMatchObject({ is_playable: false, restrictions: { reason: 'market' } });
  });

  it('hides the link from new apps', async () => {
    await order({ provider: 'spotify', mode: 'profile:new-dev' });
    const answers = await Promise.all(ids.map((one) => api(`/v1/tracks/${one}?market=DE`)));
    expect(answers.some(({ body }, place) => at(body, 'id') !== ids[place])).toBe(true);
    expect(answers.some(({ body }) => at(body, 'linked_from') !== undefined)).toBe(false);
  });
});

describe('a spoiled answer', () => {
  const text = async () => (await fetch(`${sandbox.urls.SPOTIFY_API_URL}/v1/tracks/${id}`, { headers })).text();

  it('is empty', async () => {
    await order({ provider: 'spotify', mode: 'empty' });
    expect(await text()).toBe('');
  });

  it('lacks its second half', async () => {
    const whole = await text();
    await order({ provider: 'spotify', mode: 'truncated' });
    const half = await text();
    expect([whole.startsWith(half), half.length]).toEqual([true, Math.floor(whole.length / 2)]);
  });

  it('breaks off in the middle', async () => {
    await order({ provider: 'spotify', mode: 'cut-short' });
    await expect(text()).rejects.toThrow('terminated');
  });

  it('takes its time', async () => {
    await order({ provider: 'spotify', mode: 'slow', ms: 160 });
    const before = performance.now();
    expect(JSON.parse(await text())).toMatchObject({ id });
    expect(performance.now() - before).toBeGreaterThan(150);
  });

  it('has a renamed field', async () => {
    await order({ provider: 'spotify', mode: 'drift', field: 'external_ids' });
    expect(JSON.parse(await text())).toMatchObject({ external_ids_v2: { isrc: recording.isrc } });
  });

  it('says that the quota is spent', async () => {
    await order({ provider: 'spotify', mode: 'quota', retryAfter: 86_400 });
    const { status, headers: told, body } = await api(`/v1/tracks/${id}`);
    expect([status, told.get('retry-after'), at(body, 'error', 'reason')]).toEqual([429, '86400', 'QUOTA_EXCEEDED']);
  });

  it('is an HTML page of a gateway, or nothing at all, for the statuses of servers', async () => {
    await order({ provider: 'spotify', mode: 'status:502', count: 1 });
    expect(await text()).toContain('<h1>502 Bad Gateway</h1>');
    await order({ provider: 'spotify', mode: 'status:500', count: 1 });
    expect(await text()).toBe('');
  });
});

describe('the rolling window', () => {
  it('refuses with Retry-After in whole seconds, and notes who goes over', async () => {
    const limits = { spotify: { windowMs: 30_000, calls: 2, refusedCount: false, penaltyMs: 7_000 } };
    const strict = await sandboxForTests({ limits });
    const bearer = await spotifyBearer(strict);
    const call = () => ask(`${strict.urls.SPOTIFY_API_URL}/v1/tracks/${id}`, { headers: bearer });
    expect([(await call()).status, (await call()).status]).toEqual([200, 200]);
    const refused = await call();
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 30]);
    expect(strict.violations().counts.spotify?.['over-budget']).toBeGreaterThan(0);
  });
});

describe('each call', () => {
  it('is told with time, account, endpoint, status and number of ids, without any token', async () => {
    await api(`/v1/tracks?ids=${id},${other}`);
    await ask(`${sandbox.urls.SPOTIFY_API_URL}/v1/tracks/${id}`);
    const told = async () => at((await ask(`${sandbox.controlUrl}/_calls?each`)).body, 'calls');
    await expect.poll(told).toHaveLength(2);
    const common = { at: expect.stringMatching(/^20.*Z$/), provider: 'spotify', ms: expect.any(Number) };
    expect(await told()).toEqual([
      { ...common, account: 'sandbox-client', endpoint: 'tracks', ids: 2, status: 200 },
      { ...common, account: null, endpoint: 'track', ids: 1, status: 401 },
    ]);
  });
});

describe('GET /_violations', () => {
  const violations = async () => at((await ask(`${sandbox.controlUrl}/_violations`)).body, 'counts');

  it('lists broken limits of any provider', async () => {
    await api(`/v1/albums?ids=${Array.from({ length: 21 }, () => recording.album.id).join(',')}`);
    await ask(`${sandbox.urls.MUSICBRAINZ_URL}/ws/2/isrc/ZZAAA0000000?fmt=json`);
    expect(await violations()).toEqual({ spotify: { 'over-batch': 1 }, musicbrainz: { 'no-contact': 1 } });
  });

  it('lists calls that come while the provider wants silence', async () => {
    await order({ provider: 'mlc', mode: 'status:429', retryAfter: 60, count: 1 });
    const search = () => post(`${sandbox.urls.MLC_API_URL}/search/recordings`, {});
    await search();
    const insisted = async () => {
      await search();
      return violations();
    };
    await expect.poll(insisted).toMatchObject({ mlc: { 'while-silent': expect.any(Number) } });
  });

  it('is emptied together with the ledger', async () => {
    await api(`/v1/albums?ids=${Array.from({ length: 21 }, () => recording.album.id).join(',')}`);
    await ask(`${sandbox.controlUrl}/_calls`, { method: 'DELETE' });
    expect(await violations()).toEqual({});
  });
});
