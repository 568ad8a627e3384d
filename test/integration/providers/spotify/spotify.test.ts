import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import type { Outcome } from '#stream/outcome.ts';
import { anAsking } from '#test/support/providers.ts';
import { forwarded, handled, realPorts, sandboxClient, seenNow } from '#test/support/spotify-sandbox.ts';
import type { TrackEvent } from '#track/event.ts';

const catalogue = createCatalogue();
const ids = catalogue.find.lifelike(300);
const recordingOf = (id: string) => catalogue.recording(catalogue.resolve.track(id) ?? -1);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ pace: 'zero' });
});
afterAll(() => sandbox.stop());
beforeEach(() => {
  sandbox.clearFaults();
  sandbox.resetCalls();
});

const portsNow = realPorts;
const clientOf = (ports: ProviderPorts) => sandboxClient(sandbox, ports);

/** Six partitions, each with its batches of 50, all at once. */
const enrich = (ports: ProviderPorts): Promise<readonly Outcome<TrackEvent>[]> =>
  handled(clientOf(ports), seenNow(ids));

const endpoints = () => sandbox.calls().providers.spotify?.endpoints ?? {};
const eventsOf = forwarded;
const asking = () => anAsking({ now: Date.now() });

/** What the catalogue holds of a track. */
function meant(trackId: string) {
  const recording = recordingOf(trackId);
  if (recording.has('unknownToSpotify')) return { trackId, status: 'not_found', hasFeatures: false };
  return {
    trackId,
    status: 'enriched',
    name: recording.title,
    isrc: recording.isrc,
    popularity: recording.popularity,
    label: recording.album.label || null,
    artists: recording.artists.map(({ name }) => name),
    hasFeatures: !recording.has('withoutAudioFeatures'),
  };
}

describe('the spotify phase against the sandbox', () => {
  test('reads what the catalogue says of every track', async () => {
    const seen = eventsOf(await enrich(portsNow())).map(({ trackId, sections: { spotify }, reports }) => ({
      trackId,
      status: reports.spotify?.status,
      name: spotify.core?.value.name,
      isrc: spotify.core?.value.isrc,
      popularity: spotify.popularity?.value.popularity,
      label: spotify.album?.value.label,
      artists: spotify.artists?.value.artists.map(({ name }) => name),
      hasFeatures: spotify.features !== null,
    }));
    expect(seen).toEqual(seen.map(({ trackId }) => meant(trackId)));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['enriched', 'not_found']));
  });

  test('fills its batches across partitions and asks for no key twice', async () => {
    await enrich(portsNow());
    const { tracks, albums, artists, 'audio-features': features, token } = endpoints();
    expect([token?.calls, tracks?.calls, features?.calls]).toEqual([1, 6, 3]);
    for (const [endpoint, most] of [
      [tracks, 50],
      [albums, 20],
      [artists, 50],
      [features, 100],
    ] as const) {
      expect(endpoint?.ids).toBe(endpoint?.distinctIds);
      // One part-filled batch beyond the least possible for each wave of track answers.
      expect(endpoint?.calls).toBeLessThanOrEqual(Math.ceil((endpoint?.distinctIds ?? 0) / most) + 6);
    }
  });

  test('pays nothing for the second pass', async () => {
    const ports = portsNow();
    const first = eventsOf(await enrich(ports));
    sandbox.resetCalls();
    const second = eventsOf(await enrich(ports));
    expect([second.map(({ sections }) => sections), endpoints()]).toEqual([first.map(({ sections }) => sections), {}]);
  });

  test('takes an expired token in its stride', async () => {
    const client = clientOf(portsNow());
    const [one = '', two = ''] = catalogue.find.plain(2);
    await client.tracks(one, asking());
    sandbox.setFault({ provider: 'spotify', mode: 'expire' });
    expect(await client.tracks(two, asking())).toMatchObject({ kind: 'found' });
    expect(endpoints()['tracks']?.statuses).toEqual({ 200: 2, 401: 1 });
  });

  test('refused credentials: UNAUTHORIZED', async () => {
    const [id = ''] = catalogue.find.plain(1);
    expect(await sandboxClient(sandbox, portsNow(), { clientSecret: 'wrong' }).tracks(id, asking())).toMatchObject({
      kind: 'failed',
      failure: { code: 'UNAUTHORIZED' },
    });
  });
});
