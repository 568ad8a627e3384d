import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playlistSummary } from '#feed/schemas/playlist.ts';
import { phaseCounts, runItem } from '#feed/schemas/run.ts';
import { statusAnswer } from '#feed/schemas/status.ts';
import { trackDetail, trackItem } from '#feed/schemas/track.ts';
import type { Ingested } from '#ingest/answer.ts';
import { aFeed } from '#test/support/feed.ts';
import { aLog, serveAll } from '#test/support/read-model.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { RawTrack } from '#track/raw.ts';

let feed: Awaited<ReturnType<typeof aFeed>>;
let answer: Ingested | Error = { kind: 'unreadable', message: 'no known format' };
const taken: { bytes: string; name: string | null }[] = [];

beforeAll(async () => {
  feed = await aFeed(
    {
      ingest: async (bytes, name) => {
        taken.push({ bytes: Buffer.from(bytes).toString('utf8'), name });
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    { maxBodyBytes: 1000 },
  );
  await serveAll(twoPlaylists(), feed.model.ports);
});
afterAll(() => feed.close());

/** Tracks 1 to 8 in playlist a, 9 to 12 in playlist b, three of them at each moment; the first is complete. */
function twoPlaylists() {
  const log = aLog();
  for (let n = 1; n <= 12; n += 1) {
    const raw = aRawTrack({
      track: trackId(n),
      name: `Track ${n}`,
      artists: ['Somebody'],
      ...inPlaylist(n),
      ...ODD[n],
    });
    log.append('tracks.raw', raw, { at: AT + Math.floor(n / 3) });
    if (n === 1) log.append('tracks.complete', aTrackEvent({}, raw), { at: AT + 10 });
  }
  return log;
}

const ODD: Readonly<Record<number, Partial<RawTrack>>> = {
  3: { name: '100% _Über\\ <script>' },
  4: { artists: ['Renée 花'] },
  5: { isrc: 'QZABC2600005' },
};

function inPlaylist(n: number): Partial<RawTrack> {
  const id = n <= 8 ? 'a' : 'b';
  const unknown = { url: null, curator: null, isEditorial: null };
  const playlist = { id, name: `Playlist ${id}`, snapshotId: 's1', positions: [n], ...unknown };
  return { playlist, runId: `run-${id}`, runTotal: n <= 8 ? 8 : null };
}

const ids = (body: { items: readonly { trackId: string }[] }) => body.items.map((item) => item.trackId);

describe('lists', () => {
  test('pages of tracks go through all of them once, the latest seen first, also where moments are equal', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page += 1) {
      const { body } = await feed.get(`/v1/tracks?limit=5${cursor}`);
      seen.push(...ids(body));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    const order = [12, 9, 10, 11, 6, 7, 8, 3, 4, 5, 1, 2];
    expect(seen).toEqual(order.map(trackId));
  });

  test.each([
    ['playlist=b', [12, 9, 10, 11]],
    ['run=run-b', [12, 9, 10, 11]],
    ['run=run-b&status=complete', []],
    ['status=complete', [1]],
    ['status=in_flight&playlist=a&limit=3', [6, 7, 8]],
    ['status=degraded', []],
    ['publisherStatus=signed', []],
    [`q=${encodeURIComponent('100% _über\\')}`, [3]],
    [`q=${encodeURIComponent('花')}`, [4]],
    ['q=qzabc2600005', [5]],
    [`q=${trackId(7)}`, [7]],
    ['q=%25', [3]],
  ])('tracks can be asked for by %s', async (query, expected) => {
    const { status, body } = await feed.get(`/v1/tracks?${query}`);
    expect(status).toBe(200);
    expect(ids(body)).toEqual(expected.map(trackId));
  });

  test('a query that makes no sense is told what is wrong with it', async () => {
    for (const query of ['limit=0', 'limit=many', 'status=lost', 'cursor=abc', 'publisherStatus=rich']) {
      const { status, body } = await feed.get(`/v1/tracks?${query}`);
      expect(status, query).toBe(400);
      expect(body).toEqual({
        error: { code: 'BAD_REQUEST', message: expect.stringContaining(query.split('=')[0] ?? '') },
      });
    }
  });

  test('every answer has the form that the API description gives it', async () => {
    const lists = [
      ['/v1/tracks', trackItem],
      ['/v1/runs', runItem],
      ['/v1/playlists', playlistSummary],
    ] as const;
    for (const [path, shape] of lists) {
      const { body } = await feed.get(path);
      expect(body.items.length).toBeGreaterThan(0);
      for (const item of body.items) expect(shape.strict().parse(item)).toEqual(item);
    }
    const track = (await feed.get(`/v1/tracks/${trackId(1)}`)).body;
    expect(trackDetail.strict().parse(track)).toEqual(track);
    const status = (await feed.get('/v1/status')).body;
    expect(statusAnswer.strict().parse(status)).toEqual(status);
    expect(phaseCounts.parse(status.phases)).toEqual(status.phases);
  });

  test('runs and playlists are listed, the latest first, in pages', async () => {
    const first = (await feed.get('/v1/runs?limit=1')).body;
    const second = (await feed.get(`/v1/runs?limit=1&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map(({ runId }) => runId)).toEqual(['run-b', 'run-a']);
    expect(second.next).toBeNull();
    const { body } = await feed.get('/v1/playlists');
    expect(body.items.map((item) => [item.playlistId, item.tracks])).toEqual([
      ['a', 8],
      ['b', 4],
    ]);
  });
});

test('a track is found by its id or link; one that was never seen is not', async () => {
  const link = encodeURIComponent(`https://open.spotify.com/track/${trackId(1)}?si=x`);
  for (const id of [trackId(1), link]) {
    const { status, body } = await feed.get(`/v1/tracks/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      trackId: trackId(1),
      status: 'complete',
      playlists: [{ playlistId: 'a', name: 'Playlist a', snapshotId: 's1', positions: [1], current: true }],
      runs: [{ runId: 'run-a', place: 'complete', degraded: false }],
      summary: { name: { value: 'Track 1', source: 'raw', at: AT } },
      letters: [],
    });
  }
  expect(await feed.get(`/v1/tracks/${trackId(99)}`)).toMatchObject({
    status: 404,
    body: { error: { code: 'NOT_FOUND' } },
  });
});

test('a run tells how far it has come', async () => {
  expect(await feed.get('/v1/runs/run-a')).toMatchObject({
    status: 200,
    body: { runId: 'run-a', total: 8, accepted: 8, complete: 1, inFlight: 7, deadLettered: 0, finished: false },
  });
  expect(await feed.get('/v1/runs/none')).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
});

test('the status says whose data it is and how much there is', async () => {
  expect((await feed.get('/v1/status')).body).toMatchObject({
    sandbox: true,
    providers: { spotify: 'sandbox', credits: 'off' },
    tracks: { complete: 1, in_flight: 11, dead_lettered: 0, degraded: 0 },
    runs: { open: 2, finished: 0 },
    phases: { spotify: { arrived: 12 }, analytics: { arrived: 1 } },
  });
});

describe('POST /v1/playlists', () => {
  const post = (body: string, query = '') => feed.get(`/v1/playlists${query}`, { method: 'POST', body });
  const run = {
    runId: 'r',
    playlist: { id: 'p', name: null, snapshotId: 's' },
    state: 'published' as const,
    accepted: 1,
    rows: 1,
    repeats: 0,
    skipped: [],
    rejected: [],
    partial: false,
  };

  test('gives the bytes as they are to the ingest, and its answer back', async () => {
    answer = { kind: 'answered', answer: { format: 'links', runs: [run] } };
    expect(await post('{"a": 1', '?name=mine')).toEqual({ status: 201, body: answer.answer });
    expect(taken.at(-1)).toEqual({ bytes: '{"a": 1', name: 'mine' });
    answer = { kind: 'answered', answer: { format: 'links', runs: [{ ...run, state: 'already_published' }] } };
    expect((await post('x')).status).toBe(200);
  });

  test('is 422 when nothing was accepted, with every row and reason, and when the file is not understood', async () => {
    const nothing = { format: 'links', runs: [{ ...run, state: 'nothing_accepted' as const, accepted: 0 }] };
    answer = { kind: 'nothing_accepted', answer: nothing };
    expect(await post('x')).toMatchObject({
      status: 422,
      body: { error: { code: 'NOTHING_ACCEPTED' }, answer: nothing },
    });
    answer = { kind: 'unreadable', message: 'no known format' };
    expect(await post('')).toEqual({
      status: 422,
      body: { error: { code: 'UNREADABLE', message: 'no known format' } },
    });
  });

  test('is 413 over the limit, with the variable that raises it', async () => {
    expect(await post('x'.repeat(1001))).toEqual({
      status: 413,
      body: { error: { code: 'TOO_LARGE', message: expect.stringContaining('INGEST_MAX_BYTES') } },
    });
  });

  test('hides the inside of a failure and reports it', async () => {
    answer = new Error('password=secret');
    const { status, body } = await post('x');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(feed.failures).toEqual([answer]);
  });
});

describe('the server', () => {
  test('refuses requests that come from pages of other sites, and lets its own page and programs in', async () => {
    const from = (origin: string) => feed.get('/v1/status', { headers: { origin } });
    expect(await from('https://elsewhere.example')).toMatchObject({
      status: 403,
      body: { error: { code: 'FORBIDDEN' } },
    });
    expect((await from('null')).status).toBe(403);
    expect((await from(feed.url)).status).toBe(200);
  });

  test('answers what does not exist in the same form as every error', async () => {
    expect(await feed.get('/v1/nothing')).toEqual({
      status: 404,
      body: { error: { code: 'NOT_FOUND', message: 'There is no GET /v1/nothing.' } },
    });
  });

  test('is alive, ready and measurable', async () => {
    expect(await feed.get('/healthz')).toEqual({ status: 200, body: { ok: true } });
    expect(await feed.get('/readyz')).toEqual({ status: 200, body: { ok: true } });
    expect((await fetch(new URL('/metrics', feed.url))).status).toBe(200);
  });

  test('describes every route of the API', async () => {
    const { body } = await feed.get('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths).sort()).toEqual([
      '/v1/dead-letters',
      '/v1/dead-letters/groups',
      '/v1/dead-letters/redrive',
      '/v1/dead-letters/resolve',
      '/v1/dead-letters/{id}',
      '/v1/feed',
      '/v1/operations',
      '/v1/playlists',
      '/v1/replays',
      '/v1/replays/plan',
      '/v1/replays/{id}',
      '/v1/replays/{id}/cancel',
      '/v1/replays/{id}/pause',
      '/v1/replays/{id}/resume',
      '/v1/runs',
      '/v1/runs/{id}',
      '/v1/runs/{id}/cancel',
      '/v1/status',
      '/v1/tracks',
      '/v1/tracks/{id}',
      '/v1/tracks/{id}/timeline',
      '/v1/tracks/{id}/withdraw',
    ]);
  });

  test('serves the page with a policy that lets nothing foreign run', async () => {
    const page = await fetch(feed.url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
