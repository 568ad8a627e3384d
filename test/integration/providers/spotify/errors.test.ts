import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import type { SpotifyClient } from '#providers/spotify/client.ts';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import type { FaultOrder } from '#sandbox/http/faults.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { anAsking } from '#test/support/providers.ts';
import { handled, realPorts, sandboxClient, seenNow } from '#test/support/spotify-sandbox.ts';

const catalogue = createCatalogue();
const ids = catalogue.find.lifelike(120);
const [id = ''] = catalogue.find.plain(1);
const asking = () => anAsking({ now: Date.now() });

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ pace: 'zero' });
});
afterAll(() => sandbox.stop());
beforeEach(() => {
  sandbox.clearFaults();
  sandbox.resetCalls();
});

/** Asks with a token in hand, so that the fault meets the Web API alone. */
async function askedUnder(order: Omit<FaultOrder, 'provider'>, ports: ProviderPorts, timeoutMs = 15_000) {
  const client = sandboxClient(sandbox, ports, { timeoutMs });
  await client.artists(catalogue.recording(catalogue.resolve.track(id) ?? -1).artists[0]?.id ?? '', asking());
  sandbox.setFault({ provider: 'spotify', ...order });
  return client.tracks(id, asking());
}

describe('answers that are none', () => {
  test.each([
    ['a provider that is down', { mode: 'down' }, 'PROVIDER_DOWN'],
    ['a rate limit', { mode: 'status:429', retryAfter: 60 }, 'RATE_LIMITED'],
    ['an HTML page with status 200', { mode: 'html' }, 'PROVIDER_ERROR'],
    ['an HTML page of a gateway', { mode: 'status:502' }, 'PROVIDER_ERROR'],
    ['an empty body with status 200', { mode: 'empty' }, 'PROVIDER_ERROR'],
    ['an empty body with status 500', { mode: 'status:500' }, 'PROVIDER_ERROR'],
    ['truncated JSON', { mode: 'truncated' }, 'PROVIDER_ERROR'],
    ['a connection that is closed before the answer', { mode: 'cut' }, 'CONNECTION'],
    ['a connection that is closed in the middle of it', { mode: 'cut-short' }, 'CONNECTION'],
    ['a spent quota', { mode: 'quota', retryAfter: 86_400 }, 'QUOTA_SPENT'],
    ['a renamed field', { mode: 'drift', field: 'artists' }, 'UNPARSEABLE'],
    ['a renamed external_ids', { mode: 'drift', field: 'external_ids' }, 'UNPARSEABLE'],
  ] as const)('%s: nothing is stored, and the failure says what it is', async (_, order, code) => {
    const ports = realPorts();
    expect(await askedUnder(order, ports)).toMatchObject({ kind: 'failed', failure: { code } });
    expect((await ports.ledger.find('spotify', 'track', [id], 0)).size).toBe(0);
  });

  test.each([
    ['a slow socket', { mode: 'slow', ms: 5_000 }],
    ['a socket that says nothing', { mode: 'hang' }],
  ] as const)('%s is left after the timeout', async (_, order) => {
    expect(await askedUnder(order, realPorts(), 250)).toMatchObject({ failure: { code: 'TIMEOUT' } });
  });

  test('a slow answer that comes in time is an answer', async () => {
    expect(await askedUnder({ mode: 'slow', ms: 300 }, realPorts())).toMatchObject({ kind: 'found' });
  });

  test('drift degrades the track with the field named, and the rest of the phase goes on', async () => {
    sandbox.setFault({ provider: 'spotify', endpoint: 'albums', mode: 'drift', field: 'name' });
    const [outcome] = await handled(sandboxClient(sandbox, realPorts()), seenNow([id]));
    expect(outcome).toMatchObject({
      kind: 'degrade',
      failure: { code: 'UNPARSEABLE', message: expect.stringContaining('spotify album: name') },
      event: { sections: { spotify: { album: null, core: { value: { answeredId: id } } } } },
    });
  });
});

/** Handles again what has to be tried again, as the engine does; tells how many never came through. */
async function untilForwarded(client: SpotifyClient, ports: ProviderPorts, rounds: number): Promise<number> {
  let open = seenNow(ids);
  for (let round = 0; round < rounds && open.length > 0; round += 1) {
    await expect.poll(() => ports.governor.paused('spotify'), { timeout: 20_000 }).toBeNull();
    const outcomes = await handled(client, open);
    open = open.filter((_message, place) => outcomes[place]?.kind !== 'forward');
  }
  return open.length;
}

describe('trouble that passes', () => {
  test('5xx in bursts: what failed is asked again, what was answered is not', async () => {
    sandbox.setFault({ provider: 'spotify', mode: 'status:500', share: 0.4, burst: 3, count: 12 });
    const ports = realPorts();
    expect(await untilForwarded(sandboxClient(sandbox, ports), ports, 30)).toBe(0);
    const { tracks } = sandbox.calls().providers.spotify?.endpoints ?? {};
    const answered = tracks?.statuses['200'] ?? 0;
    expect([tracks?.distinctIds, answered <= 12]).toEqual([ids.length, true]);
  });

  test('429 brings a pause, not a storm: nobody calls before Retry-After is over, and all tracks come through', async () => {
    const limits = { spotify: { windowMs: 1_500, calls: 4, refusedCount: false, penaltyMs: 60_000 } };
    const strict = await startSandbox({ pace: 'zero', limits });
    try {
      const ports = realPorts();
      const left = await untilForwarded(sandboxClient(strict, ports), ports, 40);
      expect([left, strict.violations().counts.spotify?.['while-silent']]).toEqual([0, undefined]);
    } finally {
      await strict.stop();
    }
  });

  test('an endpoint that is closed for a day alone is asked once; everything else of the tracks is found', async () => {
    const ports = realPorts();
    const client = sandboxClient(sandbox, ports);
    await client.tracks(id, asking());
    await client.features(id, asking());
    sandbox.setFault({ provider: 'spotify', endpoint: 'audio-features', mode: 'status:429', retryAfter: 86_400 });
    sandbox.resetCalls();
    const outcomes = await handled(client, seenNow(ids));
    const whys = outcomes.map((outcome) => (outcome.kind === 'retry' ? outcome.failure.code : outcome.kind));
    expect(new Set(whys)).toEqual(new Set(['ENDPOINT_LIMITED']));
    const { endpoints = {} } = sandbox.calls().providers.spotify ?? {};
    // Full batches leave side by side before the first is refused.
    expect(endpoints['audio-features']?.calls).toBeLessThanOrEqual(2);
    expect([endpoints['tracks']?.statuses, await ports.governor.paused('spotify')]).toEqual([{ 200: 3 }, null]);
    await handled(client, seenNow([catalogue.find.lifelike(121).at(-1) ?? '']));
    expect(sandbox.violations().total).toBe(0);
  });

  test('a Retry-After of 24 hours is told to the stage, and nothing is called or dead-lettered', async () => {
    const ports = realPorts();
    const client = sandboxClient(sandbox, ports);
    sandbox.setFault({ provider: 'spotify', endpoint: 'tracks', mode: 'status:429', retryAfter: 86_400, count: 1 });
    await client.tracks(id, asking());
    sandbox.resetCalls();
    const outcomes = await handled(client, seenNow(ids));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['retry']));
    const [first] = outcomes;
    const wait = first?.kind === 'retry' ? first.failure.retryAfterMs : 0;
    expect([Number(wait) > 86_300_000, sandbox.calls().providers]).toEqual([true, {}]);
  });
});
