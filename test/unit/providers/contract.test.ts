import { describe, expect, test } from 'vitest';
import { chartmetricClient } from '#providers/chartmetric/client.ts';
import { type Contract, type Mismatch, sampleOf } from '#providers/contract.ts';
import { aProviderWorld } from '#test/support/provider-world.ts';
import { anAnswer, anAsking, providerPorts } from '#test/support/providers.ts';
import { idsAsked, scriptedClient, scriptedWebApi, spotifyId, wireTrackOf } from '#test/support/spotify.ts';

/** A watch that keeps what it was told. */
function aWatch() {
  const told = { answers: 0, mismatches: [] as Mismatch[] };
  const contract: Contract = {
    checked: (_, __, answers) => {
      told.answers += answers;
    },
    mismatched: (mismatch) => told.mismatches.push(mismatch),
  };
  return { contract, told };
}

const fields = (mismatches: readonly Mismatch[]) =>
  mismatches.map(({ provider, kind, field }) => [provider, kind, field]);

describe('the watch over contracts', () => {
  test('counts each answer, and names the field of those that cannot be believed, whatever the place in a list', async () => {
    const { contract, told } = aWatch();
    const { http } = scriptedWebApi((request) =>
      anAnswer({
        tracks: idsAsked(request).map((id, at) =>
          wireTrackOf(id, at === 1 ? { artists: [{ name: 'A' }, { title: 'B' }] } : {}),
        ),
      }),
    );
    const client = scriptedClient(http, { ...providerPorts(http), contract });
    await Promise.all([1, 2, 3].map((n) => client.tracks(spotifyId(n), anAsking())));
    expect([told.answers, fields(told.mismatches)]).toEqual([3, [['spotify', 'track', 'artists.*.name']]]);
  });

  test('notices a field that is gone although the answer can be used without it', async () => {
    const { contract, told } = aWatch();
    const { ports } = aProviderWorld('chartmetric', ({ method }) => ({
      json: method === 'POST' ? { token: 't', expires_in: 3600 } : { obj: { id: 7, track_stage: null, score: 1 } },
    }));
    const client = chartmetricClient({ apiUrl: 'https://cm.test', refreshToken: 'r' }, { ...ports, contract });
    expect((await client.track(7, anAsking())).kind).toBe('found');
    expect(told.mismatches.map(({ field }) => field)).toEqual([
      'cm_statistics',
      'album_label',
      'songwriters',
      'release_date',
    ]);
  });

  test('hears of answers in which not even the list was found', async () => {
    const { contract, told } = aWatch();
    const { http } = scriptedWebApi(() => anAnswer({ items: [] }));
    const client = scriptedClient(http, { ...providerPorts(http), contract });
    await client.tracks(spotifyId(), anAsking());
    expect([told.answers, fields(told.mismatches)]).toEqual([1, [['spotify', 'track', '(whole answer)']]]);
  });

  test('is not told of "no such thing" and of failures: they say nothing of a shape', async () => {
    const { contract, told } = aWatch();
    const { http } = scriptedWebApi((request) => anAnswer({ tracks: idsAsked(request).map(() => null) }));
    await scriptedClient(http, { ...providerPorts(http), contract }).tracks(spotifyId(), anAsking());
    expect(told).toEqual({ answers: 0, mismatches: [] });
  });
});

describe('a sample', () => {
  test('is bounded and holds nothing that could be a secret, however deep', () => {
    const body = {
      a: { access_token: 'abc', list: [{ Client_Secret: 'abc', password: 'abc' }] },
      cookies: 'abc',
      name: 'x',
    };
    expect(sampleOf(body)).not.toContain('abc');
    expect(sampleOf({ text: 'x'.repeat(10_000) })).toHaveLength(2_000);
  });
});
