import { describe, expect, test } from 'vitest';
import type { Http, HttpAnswer, HttpRequest } from '#providers/http.ts';
import { type SpotifyClient, spotifyClient } from '#providers/spotify/client.ts';
import { anAnswer, anAsking, aStatus, fakeHttp, providerPorts } from '#test/support/providers.ts';
import { ARTIST, someCore, someFeatures, spotifyId, wireTrackOf } from '#test/support/spotify.ts';
import { AT } from '#test/support/tracks.ts';

const clientOf = (http: Http): SpotifyClient =>
  spotifyClient(
    {
      apiUrl: 'https://api.example.org',
      accountsUrl: 'https://accounts.example.org',
      clientId: 'id',
      clientSecret: 'secret',
      lingerMs: { live: 0, replay: 0 },
    },
    providerPorts(http),
  );

const token = anAnswer({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 });
const idsOf = ({ url }: HttpRequest): readonly string[] => (new URL(url).searchParams.get('ids') ?? '').split(',');

/** The Web API with a function for everything but the token. */
const webApi = (respond: (request: HttpRequest) => HttpAnswer) =>
  fakeHttp((request) => (request.url.endsWith('/api/token') ? token : respond(request)));

const ids = (count: number) => Array.from({ length: count }, (_, n) => spotifyId(n));

describe('the Spotify client', () => {
  test('gets its token by client credentials, once', async () => {
    const { http, requests } = webApi((request) => anAnswer({ tracks: idsOf(request).map((id) => wireTrackOf(id)) }));
    const client = clientOf(http);
    await Promise.all(ids(120).map((id) => client.tracks(id, anAsking())));
    const tokens = requests.filter(({ url }) => url.endsWith('/api/token'));
    expect(tokens).toEqual([
      {
        method: 'POST',
        url: 'https://accounts.example.org/api/token',
        headers: {
          authorization: `Basic ${Buffer.from('id:secret').toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials',
        timeoutMs: 15_000,
      },
    ]);
    expect(
      requests.every(({ url, headers }) => url.endsWith('token') || headers['authorization'] === 'Bearer token'),
    ).toBe(true);
  });

  test('fails with UNAUTHORIZED when the credentials are refused', async () => {
    const { http } = fakeHttp(() => anAnswer({ error: 'invalid_client' }, { status: 400 }));
    const answer = await clientOf(http).tracks(spotifyId(), anAsking());
    expect(answer).toMatchObject({ kind: 'failed', failure: { code: 'UNAUTHORIZED' } });
  });

  test.each([
    ['tracks', 'tracks', 50],
    ['albums', 'albums', 20],
    ['artists', 'artists', 50],
    ['features', 'audio_features', 100],
  ] as const)('asks for %s in calls of the documented maximum', async (lookup, envelope, most) => {
    const { http, requests } = webApi((request) => anAnswer({ [envelope]: idsOf(request).map(() => null) }));
    const client = clientOf(http);
    await Promise.all(ids(most + 1).map((id) => client[lookup](id, anAsking())));
    expect(requests.filter(({ url }) => url.includes('ids=')).map((request) => idsOf(request).length)).toEqual([
      most,
      1,
    ]);
  });

  test('reads a track', async () => {
    const { http } = webApi(() => anAnswer({ tracks: [wireTrackOf(spotifyId())] }));
    const answer = await clientOf(http).tracks(spotifyId(), anAsking());
    expect(answer).toEqual({ kind: 'found', facts: { core: someCore, popularity: 0 }, fetchedAt: AT });
  });

  test('takes an answer for the id at its position, whatever id it carries', async () => {
    const relinked = spotifyId(777);
    const { http } = webApi(() => anAnswer({ tracks: [wireTrackOf(relinked), wireTrackOf(spotifyId(2))] }));
    const client = clientOf(http);
    const [first, second] = await Promise.all([1, 2].map((n) => client.tracks(spotifyId(n), anAsking())));
    expect([first, second]).toMatchObject([
      { kind: 'found', facts: { core: { answeredId: relinked } } },
      { kind: 'found', facts: { core: { answeredId: spotifyId(2) } } },
    ]);
  });

  test('takes null for "no such track" and leaves the others be', async () => {
    const { http } = webApi(() => anAnswer({ tracks: [null, wireTrackOf(spotifyId(2))] }));
    const client = clientOf(http);
    const answers = await Promise.all([1, 2].map((n) => client.tracks(spotifyId(n), anAsking())));
    expect(answers).toMatchObject([{ kind: 'not_found', fetchedAt: AT }, { kind: 'found' }]);
  });

  test('never sends a malformed id', async () => {
    const { http, requests } = webApi(() => anAnswer({ tracks: [] }));
    const answer = await clientOf(http).tracks('not-an-id', anAsking());
    expect([answer, requests]).toMatchObject([{ kind: 'failed', failure: { code: 'BAD_REQUEST' } }, []]);
  });

  test('halves a batch that was answered with 400 until the bad id stands alone', async () => {
    const bad = spotifyId(5);
    const { http } = webApi((request) =>
      idsOf(request).includes(bad) ? aStatus(400) : anAnswer({ tracks: idsOf(request).map((id) => wireTrackOf(id)) }),
    );
    const client = clientOf(http);
    const answers = await Promise.all(ids(50).map((id) => client.tracks(id, anAsking())));
    expect(answers.map(({ kind }, n) => (kind === 'found' ? null : n)).filter((n) => n !== null)).toEqual([5]);
    expect(answers[5]).toMatchObject({ kind: 'failed', failure: { code: 'BAD_REQUEST' } });
  });

  test('asks one by one once batches are refused with 403, and no message fails', async () => {
    const { http, paths } = webApi(({ url }) =>
      url.includes('ids=') ? aStatus(403) : anAnswer(wireTrackOf(url.slice(-22))),
    );
    const client = clientOf(http);
    const answers = await Promise.all([1, 2, 3].map((n) => client.tracks(spotifyId(n), anAsking())));
    const later = await client.tracks(spotifyId(4), anAsking());
    expect([...answers, later].every(({ kind }) => kind === 'found')).toBe(true);
    expect(paths().filter((path) => path === 'GET /v1/tracks')).toHaveLength(1);
  });

  test('takes 404 of a single call for "no such track"', async () => {
    const { http } = webApi(({ url }) => aStatus(url.includes('ids=') ? 403 : 404));
    expect(await clientOf(http).tracks(spotifyId(), anAsking())).toEqual({ kind: 'not_found', fetchedAt: AT });
  });

  test('says not_offered for audio features after their first 403, and asks no more', async () => {
    const { http, paths } = webApi(() => aStatus(403));
    const client = clientOf(http);
    const answers = await Promise.all([1, 2].map((n) => client.features(spotifyId(n), anAsking())));
    const later = await client.features(spotifyId(3), anAsking());
    expect([...answers, later].map(({ kind }) => kind)).toEqual(['not_offered', 'not_offered', 'not_offered']);
    expect(paths().filter((path) => path === 'GET /v1/audio-features')).toHaveLength(1);
  });

  test('reads audio features, minus one for a key that was not detected included', async () => {
    const { timeSignature: time_signature, ...wire } = someFeatures;
    const { http } = webApi(() => anAnswer({ audio_features: [{ ...wire, time_signature }] }));
    const answer = await clientOf(http).features(spotifyId(), anAsking());
    expect(answer).toEqual({ kind: 'found', facts: someFeatures, fetchedAt: AT });
  });

  test('leaves out what the account is not given, a popularity say, and does not make it 0', async () => {
    const { popularity: _, external_ids: __, ...bare } = wireTrackOf(spotifyId());
    const { http } = webApi(() => anAnswer({ tracks: [bare] }));
    const answer = await clientOf(http).tracks(spotifyId(), anAsking());
    expect(answer).toMatchObject({ facts: { popularity: null, core: { isrc: null } } });
  });

  test.each([
    ['2019', 'year', { value: '2019', precision: 'year' }],
    ['2019-02-08', 'day', { value: '2019-02-08', precision: 'day' }],
    ['2019', 'day', null],
    ['0000', 'year', null],
    [null, null, null],
  ])('reads the release date %s of precision %s as %j', async (release_date, release_date_precision, expected) => {
    const track = wireTrackOf(spotifyId());
    const dated = { ...track, album: { ...track.album, release_date, release_date_precision } };
    const { http } = webApi(() => anAnswer({ tracks: [dated] }));
    const answer = await clientOf(http).tracks(spotifyId(), anAsking());
    expect(answer).toMatchObject({ facts: { core: { releaseDate: expected } } });
  });

  test('names an artist without id, and asks nobody for the empty id', async () => {
    const track = wireTrackOf(spotifyId(), {
      artists: [
        { id: '', name: 'Old' },
        { id: ARTIST, name: 'Ada' },
      ],
    });
    const { http } = webApi(() => anAnswer({ tracks: [track] }));
    const answer = await clientOf(http).tracks(spotifyId(), anAsking());
    const artists = [
      { id: null, name: 'Old' },
      { id: ARTIST, name: 'Ada' },
    ];
    expect(answer).toMatchObject({ facts: { core: { artists } } });
  });

  test.each([
    ['a renamed field', { tracks: [{ ...wireTrackOf(spotifyId()), name: undefined, title: 'x' }] }],
    ['a renamed envelope', { items: [wireTrackOf(spotifyId())] }],
    ['a list of another length', { tracks: [] }],
  ])('fails with UNPARSEABLE on %s', async (_, json) => {
    const { http } = webApi(() => anAnswer(json));
    const answer = await clientOf(http).tracks(spotifyId(), anAsking());
    expect(answer).toMatchObject({ kind: 'failed', failure: { code: 'UNPARSEABLE' } });
  });
});
