import { describe, expect, test } from 'vitest';
import { PACE } from '#phases/shared/phase-stage.ts';
import { spotifyStage } from '#phases/spotify/stage.ts';
import type { Answer } from '#providers/answer.ts';
import { reccobeatsClient } from '#providers/reccobeats/client.ts';
import type { SpotifyClient } from '#providers/spotify/client.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { aProviderWorld, found, inTrouble, notFound, type Scripted } from '#test/support/provider-world.ts';
import { anAsking, fakeLookup } from '#test/support/providers.ts';
import { someAlbum, someArtist, someCore, someFeatures, spotifyId } from '#test/support/spotify.ts';
import { AT, aRawTrack } from '#test/support/tracks.ts';
import type { AudioFeatures } from '#track/facts.ts';
import { summaryOf } from '#track/resolve.ts';

const { timeSignature: _, ...measured } = someFeatures;
const row = (id: string) => ({ id: 'its-own', href: `https://open.spotify.com/track/${id}`, isrc: null, ...measured });

function aClient(answer: (ids: readonly string[]) => Scripted) {
  const world = aProviderWorld('reccobeats', ({ url }) =>
    answer((new URL(url).searchParams.get('ids') ?? '').split(',')),
  );
  return {
    ...world,
    client: reccobeatsClient({ url: 'https://rb.test', lingerMs: { live: 1, replay: 1 } }, world.ports),
  };
}

describe('the ReccoBeats client', () => {
  test('asks for forty at once and matches by link, whatever the order; what is left out is not there', async () => {
    const { client, requests } = aClient((ids) => ({ json: { content: ids.slice(1).map(row).toReversed() } }));
    const ids = Array.from({ length: 41 }, (_, n) => spotifyId(n));
    const answers = await Promise.all(ids.map((id) => client.features(id, anAsking())));
    expect(requests).toHaveLength(2);
    expect(answers.map(({ kind }) => kind)).toEqual(ids.map((_, n) => (n % 40 === 0 ? 'not_found' : 'found')));
    expect(answers[1]).toEqual(found({ ...someFeatures, timeSignature: 0 }));
  });

  test('an answer without links is drift, never "not found"', async () => {
    const { client } = aClient((ids) => ({ json: { content: ids.map(() => measured) } }));
    expect(await client.features(spotifyId(), anAsking())).toMatchObject({ failure: { code: 'UNPARSEABLE' } });
  });

  test('429 pauses it alone, for as long as it says', async () => {
    const { client, ports } = aClient(() => ({ status: 429, headers: { 'retry-after': '9' }, json: {} }));
    expect(await client.features(spotifyId(), anAsking())).toMatchObject({ failure: { code: 'RATE_LIMITED' } });
    expect((await ports.governor.paused('reccobeats'))?.until).toBe(AT + 9_000);
  });
});

describe('audio features in the first phase', () => {
  async function run(features: Answer<AudioFeatures>, other: Answer<AudioFeatures>) {
    const lookup = <Facts>(facts: Facts) => fakeLookup(() => found(facts)).lookup;
    const client: SpotifyClient = {
      tracks: lookup({ core: someCore, popularity: 1, notOffered: [] }),
      albums: lookup({ album: someAlbum, notOffered: [] }),
      artists: lookup({ artist: someArtist, notOffered: [] }),
      features: async () => features,
      profile: () => 'legacy-dev',
      shownProfile: () => 'legacy-dev',
    };
    const second = fakeLookup(() => other);
    const stage = spotifyStage(client, PACE, second.lookup);
    const [outcome] = await stage.handle([aMessage(aRawTrack({ track: spotifyId() }))], aContext());
    if (outcome?.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(outcome)}`);
    return { event: outcome.event, asked: second.keys(), part: outcome.event.sections.spotify.features };
  }
  const notOffered: Answer<never> = { kind: 'not_offered', fetchedAt: AT };
  const substitute = { ...someFeatures, timeSignature: 0 };

  test.each([
    ['does not offer', notOffered],
    ['does not have', notFound],
  ])('that Spotify %s come from the second source, which is named', async (_, features) => {
    const { event, part, asked } = await run(features, found(substitute));
    expect([part?.provider, part?.value, asked]).toEqual(['reccobeats', substitute, [spotifyId()]]);
    expect(summaryOf(event).audioFeatures?.source).toBe('reccobeats.features');
  });

  test('that Spotify gives are not asked for twice', async () => {
    const { part, asked } = await run(found(someFeatures), found(substitute));
    expect([part?.provider, asked]).toEqual(['spotify', []]);
  });

  test.each(['PROVIDER_DOWN', 'RATE_LIMITED', 'TIMEOUT'] as const)(
    'the second source in trouble (%s) holds nobody up',
    async (code) => {
      const { event, part } = await run(notOffered, inTrouble(code));
      expect([event.reports.spotify?.status, part]).toEqual(['enriched', null]);
      expect(event.sections.spotify.access?.value.notOffered).toContain('features');
    },
  );
});
