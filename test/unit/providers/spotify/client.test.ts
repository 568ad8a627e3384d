import { describe, expect, test } from 'vitest';
import { anAnswer, anAsking, aStatus } from '#test/support/providers.ts';
import {
  ARTIST,
  ids,
  idsAsked,
  scriptedClient,
  scriptedWebApi,
  someCore,
  someFeatures,
  spotifyId,
  wireTrackOf,
} from '#test/support/spotify.ts';
import { AT } from '#test/support/tracks.ts';

/** A track whose answer lacks a key. */
const omitted = (key: string) =>
  Object.fromEntries(Object.entries(wireTrackOf(spotifyId())).filter(([name]) => name !== key));

describe('the Spotify client', () => {
  test('gets its token by client credentials, once', async () => {
    const { http, requests } = scriptedWebApi((request) =>
      anAnswer({ tracks: idsAsked(request).map((id) => wireTrackOf(id)) }),
    );
    const client = scriptedClient(http);
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

  test.each([
    ['tracks', 'tracks', 50],
    ['albums', 'albums', 20],
    ['artists', 'artists', 50],
    ['features', 'audio_features', 100],
  ] as const)('asks for %s in calls of the documented maximum', async (lookup, envelope, most) => {
    const { http, requests } = scriptedWebApi((request) => anAnswer({ [envelope]: idsAsked(request).map(() => null) }));
    const client = scriptedClient(http);
    await Promise.all(ids(most + 1).map((id) => client[lookup](id, anAsking())));
    expect(requests.filter(({ url }) => url.includes('ids=')).map((request) => idsAsked(request).length)).toEqual([
      most,
      1,
    ]);
  });

  test('reads a track', async () => {
    const { http } = scriptedWebApi(() => anAnswer({ tracks: [wireTrackOf(spotifyId())] }));
    const answer = await scriptedClient(http).tracks(spotifyId(), anAsking());
    expect(answer).toEqual({ kind: 'found', facts: { core: someCore, popularity: 0, notOffered: [] }, fetchedAt: AT });
  });

  test('takes an answer for the id at its position, whatever id it carries', async () => {
    const relinked = spotifyId(777);
    const { http } = scriptedWebApi(() => anAnswer({ tracks: [wireTrackOf(relinked), wireTrackOf(spotifyId(2))] }));
    const client = scriptedClient(http);
    const [first, second] = await Promise.all([1, 2].map((n) => client.tracks(spotifyId(n), anAsking())));
    expect([first, second]).toMatchObject([
      { kind: 'found', facts: { core: { answeredId: relinked } } },
      { kind: 'found', facts: { core: { answeredId: spotifyId(2) } } },
    ]);
  });

  test('takes null for "no such track" and leaves the others be', async () => {
    const { http } = scriptedWebApi(() => anAnswer({ tracks: [null, wireTrackOf(spotifyId(2))] }));
    const client = scriptedClient(http);
    const answers = await Promise.all([1, 2].map((n) => client.tracks(spotifyId(n), anAsking())));
    expect(answers).toMatchObject([{ kind: 'not_found', fetchedAt: AT }, { kind: 'found' }]);
  });

  test('never sends a malformed id', async () => {
    const { http, requests } = scriptedWebApi(() => anAnswer({ tracks: [] }));
    const answer = await scriptedClient(http).tracks('not-an-id', anAsking());
    expect([answer, requests]).toMatchObject([{ kind: 'failed', failure: { code: 'BAD_REQUEST' } }, []]);
  });

  test('halves a batch that was answered with 400 until the bad id stands alone', async () => {
    const bad = spotifyId(5);
    const { http } = scriptedWebApi((request) =>
      idsAsked(request).includes(bad)
        ? aStatus(400)
        : anAnswer({ tracks: idsAsked(request).map((id) => wireTrackOf(id)) }),
    );
    const client = scriptedClient(http);
    const answers = await Promise.all(ids(50).map((id) => client.tracks(id, anAsking())));
    expect(answers.map(({ kind }, n) => (kind === 'found' ? null : n)).filter((n) => n !== null)).toEqual([5]);
    expect(answers[5]).toMatchObject({ kind: 'failed', failure: { code: 'BAD_REQUEST' } });
  });

  test('reads audio features, minus one for a key that was not detected included', async () => {
    const { timeSignature: time_signature, ...wire } = someFeatures;
    const { http } = scriptedWebApi(() => anAnswer({ audio_features: [{ ...wire, time_signature }] }));
    const answer = await scriptedClient(http).features(spotifyId(), anAsking());
    expect(answer).toEqual({ kind: 'found', facts: someFeatures, fetchedAt: AT });
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
    const { http } = scriptedWebApi(() => anAnswer({ tracks: [dated] }));
    const answer = await scriptedClient(http).tracks(spotifyId(), anAsking());
    expect(answer).toMatchObject({ facts: { core: { releaseDate: expected } } });
  });

  test('names an artist without id, and asks nobody for the empty id', async () => {
    const track = wireTrackOf(spotifyId(), {
      artists: [
        { id: '', name: 'Old' },
        { id: ARTIST, name: 'Ada' },
      ],
    });
    const { http } = scriptedWebApi(() => anAnswer({ tracks: [track] }));
    const answer = await scriptedClient(http).tracks(spotifyId(), anAsking());
    const artists = [
      { id: null, name: 'Old' },
      { id: ARTIST, name: 'Ada' },
    ];
    expect(answer).toMatchObject({ facts: { core: { artists } } });
  });

  test.each([
    ['a renamed field', { tracks: [wireTrackOf(spotifyId(), { name: undefined, title: 'Secret' })] }, 'name'],
    ['a field of another kind', { tracks: [wireTrackOf(spotifyId(), { popularity: 'Secret' })] }, 'popularity'],
    [
      'a renamed field deep inside',
      { tracks: [wireTrackOf(spotifyId(), { artists: [{ nom: 'Secret' }] })] },
      'artists',
    ],
    ['external_ids under another name', { tracks: [omitted('external_ids')] }, 'external_ids'],
    ['a renamed envelope', { items: [wireTrackOf(spotifyId())] }, 'tracks'],
    ['a list of another length', { tracks: [] }, 'tracks'],
  ])('notices drift: %s is UNPARSEABLE, with the field named and no data told', async (_, json, field) => {
    const { http } = scriptedWebApi(() => anAnswer(json));
    const answer = await scriptedClient(http).tracks(spotifyId(), anAsking());
    expect(answer).toMatchObject({ kind: 'failed', failure: { code: 'UNPARSEABLE' } });
    const told = answer.kind === 'failed' ? answer.failure.message : '';
    expect([told.includes(field), told.includes('Secret')]).toEqual([true, false]);
  });

  test('drift of one answer leaves the others of its batch be', async () => {
    const { http } = scriptedWebApi(() =>
      anAnswer({ tracks: [wireTrackOf(spotifyId(1), { name: 7 }), wireTrackOf(spotifyId(2))] }),
    );
    const client = scriptedClient(http);
    const answers = await Promise.all([1, 2].map((n) => client.tracks(spotifyId(n), anAsking())));
    expect(answers.map(({ kind }) => kind)).toEqual(['failed', 'found']);
  });

  test('takes fields that nobody knows yet in its stride', async () => {
    const { http } = scriptedWebApi(() =>
      anAnswer({ tracks: [wireTrackOf(spotifyId(), { restrictions: { reason: 'unheard-of' }, novelty: [1] })] }),
    );
    expect(await scriptedClient(http).tracks(spotifyId(), anAsking())).toMatchObject({ kind: 'found' });
  });
});
