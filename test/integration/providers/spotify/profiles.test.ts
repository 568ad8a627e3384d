import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { anAsking } from '#test/support/providers.ts';
import { forwarded, handled, realPorts, sandboxClient, seenNow } from '#test/support/spotify-sandbox.ts';
import type { TrackEvent } from '#track/event.ts';

const catalogue = createCatalogue();
const ids = catalogue.find.lifelike(200);
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

const switchTo = (profile: 'extended' | 'legacy-dev' | 'new-dev') =>
  sandbox.setFault({ provider: 'spotify', mode: `profile:${profile}` });
const endpoints = () => sandbox.calls().providers.spotify?.endpoints ?? {};
const found = (events: readonly TrackEvent[]) => events.filter(({ reports }) => reports.spotify?.status === 'enriched');
const accessOf = (events: readonly TrackEvent[]) =>
  new Set(events.map(({ sections }) => JSON.stringify(sections.spotify.access?.value)));

/** What is known of every track that Spotify has. */
const has = (events: readonly TrackEvent[]) => ({
  isrc: events.some(({ sections }) => sections.spotify.core?.value.isrc != null),
  popularity: events.some(({ sections }) => sections.spotify.popularity !== null),
  label: events.some(({ sections }) => sections.spotify.album?.value.label != null),
  upc: events.some(({ sections }) => sections.spotify.album?.value.upc != null),
  features: events.some(({ sections }) => sections.spotify.features !== null),
});

describe('the capability profiles against the sandbox', () => {
  test('extended: everything, in batches', async () => {
    const events = found(forwarded(await handled(sandboxClient(sandbox, realPorts()), seenNow(ids))));
    expect(has(events)).toEqual({ isrc: true, popularity: true, label: true, upc: true, features: true });
    expect(accessOf(events)).toEqual(new Set([JSON.stringify({ profile: 'extended', notOffered: [] })]));
    expect([endpoints()['track'], endpoints()['tracks']?.calls]).toEqual([undefined, 4]);
  });

  test('legacy-dev: everything but audio features, in batches', async () => {
    switchTo('legacy-dev');
    const events = found(forwarded(await handled(sandboxClient(sandbox, realPorts()), seenNow(ids))));
    expect(has(events)).toEqual({ isrc: true, popularity: true, label: true, upc: true, features: false });
    expect(accessOf(events)).toEqual(new Set([JSON.stringify({ profile: 'legacy-dev', notOffered: ['features'] })]));
    expect(endpoints()['audio-features']?.statuses).toEqual({ 403: 2 });
  });

  test('new-dev: one by one, with ISRC and UPC; what is not offered is named, and no message fails', async () => {
    switchTo('new-dev');
    const outcomes = await handled(sandboxClient(sandbox, realPorts()), seenNow(ids));
    const events = found(forwarded(outcomes));
    expect(has(events)).toEqual({ isrc: true, popularity: false, label: false, upc: true, features: false });
    const notOffered = [
      'album.label',
      'album.popularity',
      'artists.followers',
      'artists.popularity',
      'features',
      'popularity',
    ];
    expect(accessOf(events)).toEqual(new Set([JSON.stringify({ profile: 'new-dev', notOffered })]));
    // A few probes for the features come on top.
    expect(endpoints()['track']?.ids).toBeLessThanOrEqual(ids.length + 2);
    expect(sandbox.violations().total).toBe(0);
  });

  test('a switch in the middle of a playlist costs nobody anything', async () => {
    const client = sandboxClient(sandbox, realPorts());
    const first = forwarded(await handled(client, seenNow(ids.slice(0, 100))));
    switchTo('new-dev');
    const second = forwarded(await handled(client, seenNow(ids.slice(100))));
    expect(first.length + second.length).toBe(ids.length);
    expect(second.every(({ reports }) => reports.spotify?.code !== 'UNAUTHORIZED')).toBe(true);
    expect([client.shownProfile(), has(found(second)).isrc]).toEqual(['new-dev', true]);
  });

  test('a second pass of a new app is known, and pays nothing', async () => {
    switchTo('new-dev');
    const client = sandboxClient(sandbox, realPorts());
    const enriched = found(forwarded(await handled(client, seenNow(ids))));
    sandbox.resetCalls();
    const again = await Promise.all(
      enriched.map(({ trackId, sections }) => handled(client, seenNow([trackId], { prior: sections }))),
    );
    const statuses = forwarded(again.flat()).map(({ reports }) => reports.spotify?.status);
    expect([new Set(statuses), endpoints()]).toEqual([new Set(['known']), {}]);
  });
});

describe('relinking', () => {
  test.each(['extended', 'new-dev'] as const)(
    'in a market (%s), what stands for a track is stored under the id that was asked, and its own id kept apart',
    async (profile) => {
      switchTo(profile);
      const client = sandboxClient(sandbox, realPorts(), { market: 'DE' });
      const asked = catalogue.find.plain(50);
      const answers = await Promise.all(asked.map((id) => client.tracks(id, asking())));
      const seen = answers.map((answer, place) => {
        const isrc = catalogue.recording(catalogue.resolve.track(asked[place] ?? '') ?? -1).isrc;
        const core = answer.kind === 'found' ? answer.facts.core : null;
        return { isRight: core?.isrc === isrc, isRelinked: core?.answeredId !== asked[place] };
      });
      expect(seen.every(({ isRight }) => isRight)).toBe(true);
      expect(new Set(seen.map(({ isRelinked }) => isRelinked))).toEqual(new Set([true, false]));
    },
  );

  test('without a market every track is answered under its own id', async () => {
    const client = sandboxClient(sandbox, realPorts());
    const asked = catalogue.find.plain(50);
    const answers = await Promise.all(asked.map((id) => client.tracks(id, asking())));
    expect(answers.map((answer) => answer.kind === 'found' && answer.facts.core.answeredId)).toEqual(asked);
  });

  test('a track that can not be played in the market is known all the same', async () => {
    const [id = ''] = catalogue.find.idsWith((one) => one.has('regionRestricted') && !one.has('unknownToSpotify'), 1);
    const client = sandboxClient(sandbox, realPorts(), { market: 'DE' });
    expect(await client.tracks(id, asking())).toMatchObject({ kind: 'found' });
  });
});
