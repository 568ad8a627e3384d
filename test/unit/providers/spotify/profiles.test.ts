import { describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpRequest } from '#providers/http.ts';
import { anAnswer, anAsking, aStatus } from '#test/support/providers.ts';
import {
  ALBUM,
  ARTIST,
  ids,
  idsAsked,
  scriptedClient,
  scriptedWebApi,
  someFeatures,
  spotifyId,
  wireTrackOf,
} from '#test/support/spotify.ts';
import { AT } from '#test/support/tracks.ts';

const DAY = 86_400_000;
const { timeSignature: time_signature, ...features } = someFeatures;

type Given = { readonly batches: boolean; readonly features: boolean; readonly fields: boolean };

const withheld = new Set(['popularity', 'label', 'followers']);
const things: Readonly<Record<string, (id: string) => Record<string, unknown>>> = {
  tracks: (id) => wireTrackOf(id),
  albums: (id) => ({ id, name: 'Album', label: 'Label', popularity: 1, external_ids: { upc: '1' } }),
  artists: (id) => ({ id, name: 'Artist', genres: [], popularity: 1, followers: { total: 1 } }),
};

const less = (thing: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(thing).filter(([name]) => !withheld.has(name)));

/** The Web API as an account with these gets it. */
const accountWith = (given: () => Given) =>
  scriptedWebApi((request: HttpRequest): HttpAnswer => {
    const { batches, features: hasFeatures, fields } = given();
    const [, , kind = '', id = ''] = new URL(request.url).pathname.split('/');
    if (kind === 'audio-features') {
      if (!hasFeatures) return aStatus(403);
      return anAnswer({ audio_features: idsAsked(request).map(() => ({ ...features, time_signature })) });
    }
    const show = (one: string) => (fields ? things[kind]?.(one) : less(things[kind]?.(one) ?? {}));
    if (id !== '') return anAnswer(show(id));
    return batches ? anAnswer({ [kind]: idsAsked(request).map(show) }) : aStatus(403);
  });

const PROFILES = {
  extended: { batches: true, features: true, fields: true },
  'legacy-dev': { batches: true, features: false, fields: true },
  'new-dev': { batches: false, features: false, fields: false },
} as const satisfies Record<string, Given>;

async function everything(profile: keyof typeof PROFILES) {
  const { http, requests } = accountWith(() => PROFILES[profile]);
  const client = scriptedClient(http);
  const before = client.shownProfile();
  const [track, feature] = await Promise.all([
    client.tracks(spotifyId(), anAsking()),
    client.features(spotifyId(), anAsking()),
  ]);
  const [album, artist] = await Promise.all([client.albums(ALBUM, anAsking()), client.artists(ARTIST, anAsking())]);
  const calls = requests.filter(({ url }) => !url.endsWith('/api/token')).length;
  return { before, shown: client.shownProfile(), track, feature, album, artist, calls };
}

const notOffered = (...fields: readonly string[]) => ({ kind: 'found', facts: { notOffered: fields } });

describe('the capability profiles', () => {
  test('extended: batches, audio features and all fields', async () => {
    expect(await everything('extended')).toMatchObject({
      before: null,
      shown: 'extended',
      track: notOffered(),
      feature: { kind: 'found' },
      album: notOffered(),
      artist: notOffered(),
      calls: 4,
    });
  });

  test('legacy-dev: batches and all fields, no audio features', async () => {
    expect(await everything('legacy-dev')).toMatchObject({
      shown: 'legacy-dev',
      track: notOffered(),
      feature: { kind: 'not_offered' },
      album: notOffered(),
      artist: notOffered(),
      // Four, and a track by the plain way: is it the features or the account?
      calls: 5,
    });
  });

  test('new-dev: single calls, no audio features, no popularity, label and followers', async () => {
    expect(await everything('new-dev')).toMatchObject({
      shown: 'new-dev',
      track: notOffered('popularity'),
      feature: { kind: 'not_offered' },
      album: notOffered('album.label', 'album.popularity'),
      artist: notOffered('artists.followers', 'artists.popularity'),
      // The first batch and its single; the features and their probe; then single calls only.
      calls: 6,
    });
  });

  test('what is not given is not made a fact: no popularity 0, no empty label', async () => {
    const { track, album, artist } = await everything('new-dev');
    expect([track, album, artist]).toMatchObject([
      { facts: { popularity: null, core: { isrc: 'USUM71900764' } } },
      { facts: { album: { label: null, popularity: null, upc: '1' } } },
      { facts: { artist: { followers: null, popularity: null } } },
    ]);
  });

  test('a single answer without external_ids lacks the ISRC by the account, not by the track', async () => {
    const { external_ids: _, ...bare } = wireTrackOf(spotifyId());
    const { http } = scriptedWebApi((request) => (request.url.includes('ids=') ? aStatus(403) : anAnswer(bare)));
    const answer = await scriptedClient(http).tracks(spotifyId(), anAsking());
    expect(answer).toMatchObject({ facts: { core: { isrc: null }, notOffered: ['core.isrc'] } });
  });
});

describe('switching', () => {
  test('the first 403 of 300 tracks costs one call for each batch under way, and no id is asked twice', async () => {
    const { http, requests } = accountWith(() => PROFILES['new-dev']);
    const client = scriptedClient(http);
    const answers = await Promise.all(ids(300).map((id) => client.tracks(id, anAsking())));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['found']));
    const singles = requests.filter(({ url }) => url.includes('/v1/tracks/')).map(({ url }) => url);
    const batches = requests.filter(({ url }) => url.includes('ids=')).length;
    expect([singles.length, new Set(singles).size, batches <= 6]).toEqual([300, 300, true]);
  });

  test('from batches to single calls while it runs, without failing anybody', async () => {
    let given: Given = PROFILES.extended;
    const { http } = accountWith(() => given);
    const client = scriptedClient(http);
    const first = await client.tracks(spotifyId(1), anAsking());
    given = PROFILES['new-dev'];
    const rest = await Promise.all([2, 3].map((n) => client.tracks(spotifyId(n), anAsking())));
    expect([first, ...rest].map(({ kind }) => kind)).toEqual(['found', 'found', 'found']);
  });

  test('back to batches a day after they were refused, once the account has been upgraded', async () => {
    let given: Given = PROFILES['new-dev'];
    let now = AT;
    const { http, paths } = accountWith(() => given);
    const client = scriptedClient(http, { now: () => now });
    await client.tracks(spotifyId(1), anAsking());
    given = PROFILES.extended;
    await client.tracks(spotifyId(2), anAsking());
    now = AT + DAY + 1;
    await client.tracks(spotifyId(3), anAsking({ now }));
    expect(paths().filter((path) => path === 'GET /v1/tracks')).toHaveLength(2);
    await client.features(spotifyId(3), anAsking({ now }));
    expect(client.shownProfile()).toBe('extended');
  });

  test('an upgrade makes not_offered stale', async () => {
    let given: Given = PROFILES['legacy-dev'];
    let now = AT;
    const { http } = accountWith(() => given);
    const client = scriptedClient(http, { now: () => now });
    expect(await client.features(spotifyId(), anAsking())).toMatchObject({ kind: 'not_offered' });
    given = PROFILES.extended;
    now = AT + DAY + 1;
    expect(await client.features(spotifyId(), anAsking({ now }))).toMatchObject({ kind: 'found' });
  });

  test('audio features that are refused together with everything else are trouble of the account', async () => {
    const { http } = scriptedWebApi(() => aStatus(403));
    const client = scriptedClient(http);
    const answer = await client.features(spotifyId(), anAsking());
    expect([answer, client.profile()]).toMatchObject([{ failure: { code: 'UNAUTHORIZED' } }, 'extended']);
  });

  test('a probe that meets a rate limit decides nothing', async () => {
    const { http } = scriptedWebApi(({ url }) =>
      url.includes('ids=') ? aStatus(403) : aStatus(429, { 'retry-after': '7' }),
    );
    const client = scriptedClient(http);
    const answers = await Promise.all(ids(3).map((id) => client.tracks(id, anAsking())));
    expect(new Set(answers.map((answer) => answer.kind === 'failed' && answer.failure.code))).toEqual(
      new Set(['RATE_LIMITED']),
    );
    expect(client.profile()).toBe('extended');
  });
});

describe('a market', () => {
  test('is named with tracks and albums, in batches and alone, and nowhere else', async () => {
    for (const profile of ['extended', 'new-dev'] as const) {
      const { http, requests } = accountWith(() => PROFILES[profile]);
      const client = scriptedClient(http, {}, { market: 'DE' });
      await client.tracks(spotifyId(), anAsking());
      await Promise.all([client.albums(ALBUM, anAsking()), client.artists(ARTIST, anAsking())]);
      const named = requests.map(({ url }) => new URL(url)).filter(({ searchParams }) => searchParams.has('market'));
      expect(new Set(named.map(({ pathname }) => pathname.split('/')[2]))).toEqual(new Set(['tracks', 'albums']));
    }
  });

  test('is not named by default', async () => {
    const { http, requests } = accountWith(() => PROFILES.extended);
    await scriptedClient(http).tracks(spotifyId(), anAsking());
    expect(requests.some(({ url }) => url.includes('market'))).toBe(false);
  });
});
