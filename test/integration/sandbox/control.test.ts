import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { runSandbox } from '#sandbox/command.ts';
import { caseId } from '#sandbox/web-player/cases.ts';
import { ask, at, catalogue, post, sandboxForTests, spotifyBearer } from './ask.ts';

const sandbox = await sandboxForTests();
const headers = await spotifyBearer(sandbox);
const [id = '', other = ''] = catalogue.find.plain(2);
const track = (signal: AbortSignal | null = null) =>
  ask(`${sandbox.urls.SPOTIFY_API_URL}/v1/tracks?ids=${id},${other}`, { headers, signal });

beforeEach(() => {
  sandbox.clearFaults();
  sandbox.resetCalls();
});

describe('the ledger', () => {
  it('counts calls by provider, endpoint and status, and the ids asked', async () => {
    await track();
    await track();
    await ask(`${sandbox.urls.SPOTIFY_API_URL}/v1/tracks/${id}`);
    const { body } = await ask(`${sandbox.controlUrl}/_calls`);
    expect(at(body, 'providers', 'spotify')).toMatchObject({
      calls: 3,
      concurrent: 0,
      mostConcurrent: 1,
      endpoints: {
        tracks: { calls: 2, statuses: { 200: 2 }, ids: 4, distinctIds: 2, mostIdsInACall: 2 },
        track: { calls: 1, statuses: { 401: 1 } },
      },
    });
    const ids = await ask(`${sandbox.urls.MLC_API_URL}/_calls?provider=spotify&endpoint=tracks`);
    expect(at(ids.body, 'ids')).toEqual({ [id]: 2, [other]: 2 });
  });

  it('counts what runs at the same time', async () => {
    sandbox.setFault({ provider: 'spotify', mode: 'hang' });
    const stop = new AbortController();
    const hanging = [track(stop.signal), track(stop.signal), track(stop.signal)];
    await expect.poll(() => sandbox.calls().providers.spotify?.concurrent).toBe(3);
    stop.abort();
    await Promise.allSettled(hanging);
    await expect.poll(() => sandbox.calls().providers.spotify?.concurrent).toBe(0);
    expect(sandbox.calls().providers.spotify?.mostConcurrent).toBe(3);
    expect(sandbox.calls().providers.spotify?.endpoints['tracks']?.statuses).toEqual({ 0: 3 });
  });

  it('counts the pages that are open, and serves such a share of mixes as it is told', async () => {
    const page = `${sandbox.urls.SPOTIFY_WEB_URL}/track/${id}`;
    await ask(page);
    expect((await ask(`${sandbox.controlUrl}/_tabs`)).body).toEqual({ now: 1, peak: 1 });
    const order = { method: 'PUT', body: JSON.stringify({ mixed: 0.5 }) };
    expect((await ask(`${sandbox.controlUrl}/_mix`, order)).body).toEqual({ mixed: 0.5, troubled: 0, unknown: 0 });
    expect((await ask(`${sandbox.controlUrl}/_mix`)).body).toEqual({ mixed: 0.5, troubled: 0, unknown: 0 });
    const wrong = { method: 'PUT', body: JSON.stringify({ mixed: 2 }) };
    expect((await ask(`${sandbox.controlUrl}/_mix`, wrong)).status).toBe(400);
    sandbox.setMix({});
  });

  it('counts a page no more that is killed, which closes nothing and only hangs up', async () => {
    const { body } = await ask(`${sandbox.urls.SPOTIFY_WEB_URL}/track/${id}`);
    const [path] = /\/_tab\/\d+/.exec(String(body)) ?? [];
    const { port } = new URL(sandbox.urls.SPOTIFY_WEB_URL);
    const killed = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    const lines = [
      `GET ${path} HTTP/1.1`,
      'host: tab',
      'connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-key: dGFi',
    ];
    killed.write(`${lines.join('\r\n')}\r\n\r\n`);
    await once(killed, 'data');
    expect(sandbox.tabs().now).toBeGreaterThan(0);
    killed.end();
    await expect.poll(() => sandbox.tabs().now, { timeout: 5_000 }).toBe(0);
    killed.destroy();
  });

  it('is emptied on demand', async () => {
    await track();
    await ask(`${sandbox.controlUrl}/_calls`, { method: 'DELETE' });
    expect(sandbox.calls().providers).toEqual({});
  });
});

describe('a fault', () => {
  const order = (body: unknown) => post(`${sandbox.controlUrl}/_faults`, body);

  it('takes a provider down and up again, and leaves the others alone', async () => {
    await order({ provider: 'spotify', mode: 'down' });
    expect([(await track()).status, (await ask(`${sandbox.urls.SPOTIFY_ACCOUNTS_URL}/api/token`)).status]).toEqual([
      503, 503,
    ]);
    expect((await ask(`${sandbox.urls.SPOTIFY_WEB_URL}/track/${id}`)).status).toBe(200);
    await order({ provider: 'spotify', mode: 'ok' });
    expect((await track()).status).toBe(200);
  });

  it('gives a status in the words of the provider, with Retry-After, to the endpoint and as often as ordered', async () => {
    await order({ provider: 'spotify', endpoint: 'tracks', mode: 'status:429', retryAfter: 7, count: 2 });
    const [first, second, third] = [await track(), await track(), await track()];
    expect([first.status, second.status, third.status]).toEqual([429, 429, 200]);
    expect([first.headers.get('retry-after'), first.body]).toEqual([
      '7',
      { error: { status: 429, message: 'API rate limit exceeded' } },
    ]);
  });

  it('hits a share of the calls', async () => {
    await order({ provider: 'spotify', mode: 'status:500', share: 0.5 });
    const statuses = await Promise.all(Array.from({ length: 60 }, () => track()));
    const hit = statuses.filter(({ status }) => status === 500).length;
    expect(hit).toBeGreaterThan(12);
    expect(hit).toBeLessThan(48);
  });

  it('cuts the connection', async () => {
    await order({ provider: 'spotify', mode: 'cut' });
    await expect(track()).rejects.toThrow('fetch failed');
  });

  it('answers HTML where JSON is expected', async () => {
    await order([{ provider: 'spotify', mode: 'html' }]);
    expect((await track()).headers.get('content-type')).toContain('text/html');
  });

  it('is refused when it makes no sense', async () => {
    expect((await order({ provider: 'spotify', mode: 'sulk' })).status).toBe(400);
  });
});

describe('the pace', () => {
  it('limits like the provider: MusicBrainz answers 503 and tells when to come back', async () => {
    const limits = { musicbrainz: { windowMs: 60_000, calls: 2, refusedCount: false } };
    const strict = await sandboxForTests({ limits });
    const agent = { 'user-agent': 'linernotes-tests/1.0 ( tests@linernotes.example )' };
    const lookup = () => ask(`${strict.urls.MUSICBRAINZ_URL}/ws/2/isrc/ZZAAA0000000?fmt=json`, { headers: agent });
    expect([(await lookup()).status, (await lookup()).status]).toEqual([200, 200]);
    const refused = await lookup();
    expect([refused.status, Number(refused.headers.get('retry-after')) > 50]).toEqual([503, true]);
  });

  it('makes callers wait', async () => {
    const slow = await sandboxForTests({ latency: { 'web-player/track-page': [40, 50] } });
    const before = performance.now();
    await ask(`${slow.urls.SPOTIFY_WEB_URL}/track/${id}`);
    expect(performance.now() - before).toBeGreaterThan(38);
  });
});

describe("the web player's documents", () => {
  const page = (pageId: string) => ask(`${sandbox.urls.SPOTIFY_WEB_URL}/track/${pageId}`);

  it('are shells: the facts are not in them', async () => {
    const { status, body } = await page(id);
    const { title } = catalogue.recording(catalogue.resolve.track(id) ?? -1);
    expect([status, String(body).includes(title)]).toEqual([200, false]);
  });

  it('are refused or break off in the cases for it', async () => {
    const walled = await page(caseId(13));
    expect([walled.status, walled.headers.get('retry-after')]).toEqual([429, '30']);
    await expect(page(caseId(14))).rejects.toThrow('fetch failed');
    expect((await page('malformed')).status).toBe(404);
  });
});

it('the command prints the environment that leads to it, and ends when told', async () => {
  const lines: string[] = [];
  const stop = new AbortController();
  const running = runSandbox({ pace: 'zero', port: 0 }, { signal: stop.signal, print: (line) => lines.push(line) });
  await expect.poll(() => lines.length).toBeGreaterThan(6);
  expect(lines[0]).toContain('Sandbox data');
  expect(lines).toContain('export SPOTIFY_CLIENT_ID=sandbox-client');
  stop.abort();
  await running;
});
