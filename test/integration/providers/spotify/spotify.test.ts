import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchHttp } from '#adapters/http/fetch.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { spotifyStage } from '#phases/spotify/stage.ts';
import type { ProviderPorts } from '#providers/ports.ts';
import { spotifyClient } from '#providers/spotify/client.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { sandboxCredentials } from '#sandbox/credentials.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import type { Outcome } from '#stream/outcome.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { anAsking, providerPorts } from '#test/support/providers.ts';
import { aRawTrack } from '#test/support/tracks.ts';
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

const portsNow = () => providerPorts(fetchHttp, { now: Date.now });
const clientOf = (ports: ProviderPorts, clientSecret: string = sandboxCredentials.SPOTIFY_CLIENT_SECRET) =>
  spotifyClient(
    {
      apiUrl: sandbox.urls.SPOTIFY_API_URL,
      accountsUrl: sandbox.urls.SPOTIFY_ACCOUNTS_URL,
      clientId: sandboxCredentials.SPOTIFY_CLIENT_ID,
      clientSecret,
      lingerMs: { live: 20, replay: 20 },
    },
    ports,
  );

/** Six partitions, each with its batches of 50, all at once. */
async function enrich(ports: ProviderPorts): Promise<readonly Outcome<TrackEvent>[]> {
  const stage = spotifyStage(clientOf(ports), PACE);
  const queues = Array.from({ length: 6 }, (_, queue) => ids.filter((_id, index) => index % 6 === queue));
  const handled = await Promise.all(
    queues.map((queue) =>
      stage.handle(
        queue.map((id) => aMessage(aRawTrack({ track: id, observedAt: Date.now() }))),
        aContext({ now: Date.now() }),
      ),
    ),
  );
  return handled.flat();
}

const endpoints = () => sandbox.calls().providers.spotify?.endpoints ?? {};
const eventsOf = (outcomes: readonly Outcome<TrackEvent>[]) =>
  outcomes.map((outcome) => {
    if (outcome.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(outcome)}`);
    return outcome.event;
  });
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

  test.each([
    ['down', 'PROVIDER_DOWN'],
    ['cut', 'CONNECTION'],
    ['html', 'PROVIDER_ERROR'],
    ['status:500', 'PROVIDER_ERROR'],
    ['status:429', 'RATE_LIMITED'],
  ] as const)('a provider that is %s: %s, and nothing stored', async (mode, code) => {
    const ports = portsNow();
    const client = clientOf(ports);
    const [id = ''] = catalogue.find.plain(1);
    await client.artists(recordingOf(id).artists[0]?.id ?? '', asking());
    sandbox.setFault({ provider: 'spotify', mode });
    expect(await client.tracks(id, asking())).toMatchObject({ kind: 'failed', failure: { code } });
    expect((await ports.ledger.find('spotify', 'track', [id], 0)).size).toBe(0);
  });

  test('refused credentials: UNAUTHORIZED', async () => {
    const [id = ''] = catalogue.find.plain(1);
    expect(await clientOf(portsNow(), 'wrong').tracks(id, asking())).toMatchObject({
      kind: 'failed',
      failure: { code: 'UNAUTHORIZED' },
    });
  });

  test('an account without batches and audio features gets every track one by one', async () => {
    sandbox.setFault({ provider: 'spotify', endpoint: 'tracks', mode: 'status:403' });
    sandbox.setFault({ provider: 'spotify', endpoint: 'audio-features', mode: 'status:403' });
    const events = eventsOf(await enrich(portsNow()));
    const statuses = new Set(events.map(({ reports }) => reports.spotify?.status));
    expect([...statuses].sort()).toEqual(['enriched', 'not_found']);
    expect(endpoints()['track']?.distinctIds).toBe(ids.length);
  });
});
