import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCatalogue } from '#sandbox/catalogue/catalogue.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { forwarded, handled, realPorts, sandboxClient, seenNow } from '#test/support/spotify-sandbox.ts';
import type { TrackEvent } from '#track/event.ts';
import type { Playlist, RawTrack } from '#track/raw.ts';

const catalogue = createCatalogue();
const recordingOf = (id: string) => catalogue.recording(catalogue.resolve.track(id) ?? -1);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ pace: 'zero' });
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.resetCalls());

const endpoints = () => sandbox.calls().providers.spotify?.endpoints ?? {};
const statuses = (events: readonly TrackEvent[]) => events.map(({ reports }) => reports.spotify?.status);

const playlist = (isEditorial: boolean): Playlist => ({
  id: isEditorial ? '37i9dQZF1DX0000000000A' : '5Rrf7mqN8uus2AaQQQNdc1',
  name: 'A playlist',
  snapshotId: 'snapshot',
  positions: [0],
  url: null,
  curator: isEditorial ? 'Spotify' : 'somebody',
  isEditorial,
});

/** The four facts as a scraper has them of a track. */
const complete = (id: string): Partial<RawTrack> => {
  const { isrc, album, popularity } = recordingOf(id);
  return {
    isrc,
    label: album.label,
    releaseDate: { value: album.released, precision: album.precision },
    popularity,
  };
};

/** Everything that the catalogue says of a track, where the phase has to have it. */
const meant = (id: string) => {
  const recording = recordingOf(id);
  return {
    trackId: id,
    isrc: recording.isrc,
    popularity: recording.popularity,
    label: recording.album.label,
    released: { value: recording.album.released, precision: recording.album.precision },
    artists: recording.artists.map(({ name }) => name),
  };
};
const learned = ({ trackId, sections: { spotify } }: TrackEvent) => ({
  trackId,
  isrc: spotify.core?.value.isrc,
  popularity: spotify.popularity?.value.popularity,
  label: spotify.album?.value.label,
  released: spotify.core?.value.releaseDate,
  artists: spotify.artists?.value.artists.map(({ name }) => name),
});

describe('the first phase, as its owners test it', () => {
  const ids = catalogue.find.plain(60);

  test.each([
    ['T1.1 a non-editorial playlist', false],
    ['T1.2 an editorial playlist', true],
  ] as const)('%s: every track is enriched in full', async (_, isEditorial) => {
    const raws = seenNow(ids, { playlist: playlist(isEditorial) });
    const events = forwarded(await handled(sandboxClient(sandbox, realPorts()), raws));
    expect(events.map(learned)).toEqual(ids.map(meant));
    expect(new Set(statuses(events))).toEqual(new Set(['enriched']));
    expect(events.every(({ raw }) => raw.playlist?.isEditorial === isEditorial)).toBe(true);
  });

  test('T1.3 mixed track data: the complete are left alone, the partial get what they lack', async () => {
    const [full, partial] = [ids.slice(0, 30), ids.slice(30)];
    const raws = [
      ...full.flatMap((id) => seenNow([id], complete(id))),
      ...partial.flatMap((id) => seenNow([id], { ...complete(id), label: null })),
    ];
    const events = forwarded(await handled(sandboxClient(sandbox, realPorts()), raws));
    expect(statuses(events)).toEqual([...full.map(() => 'known'), ...partial.map(() => 'enriched')]);
    expect(events.slice(30).map(learned)).toEqual(partial.map(meant));
    const asked = Object.keys(sandbox.idsAsked('spotify', 'tracks'));
    expect(asked.sort()).toEqual([...partial].sort());
  });

  test('T1.4 tracks missing ISRC: it is found, and where Spotify has none, that is known from then on', async () => {
    const without = catalogue.find.idsWith((one) => one.has('withoutIsrc') && !one.has('unknownToSpotify'), 5);
    const client = sandboxClient(sandbox, realPorts());
    const all = [...ids.slice(0, 5), ...without];
    const raws = all.flatMap((id) => seenNow([id], { ...complete(id), isrc: null }));
    const events = forwarded(await handled(client, raws));
    expect(events.map(({ sections }) => sections.spotify.core?.value.isrc)).toEqual(
      all.map((id) => recordingOf(id).isrc),
    );
    expect(new Set(statuses(events))).toEqual(new Set(['enriched']));
    sandbox.resetCalls();
    const again = events.flatMap(({ trackId, sections }) =>
      seenNow([trackId], { ...complete(trackId), isrc: null, prior: sections }),
    );
    expect([new Set(statuses(forwarded(await handled(client, again)))), endpoints()]).toEqual([new Set(['known']), {}]);
  });

  test('T1.5 tracks already enriched are skipped: by what the scraper saw, by their parts, and by the ledger', async () => {
    const client = sandboxClient(sandbox, realPorts());
    const seen = forwarded(
      await handled(
        client,
        ids.flatMap((id) => seenNow([id], complete(id))),
      ),
    );
    expect([new Set(statuses(seen)), endpoints()]).toEqual([new Set(['known']), {}]);
    const events = forwarded(await handled(client, seenNow(ids)));
    sandbox.resetCalls();
    const prior = events.flatMap(({ trackId, sections }) => seenNow([trackId], { prior: sections }));
    const known = forwarded(await handled(client, prior));
    expect([new Set(statuses(known)), endpoints()]).toEqual([new Set(['known']), {}]);
    expect(known.map(({ sections }) => sections)).toEqual(events.map(({ sections }) => sections));
    const rescraped = forwarded(await handled(client, seenNow(ids)));
    expect([new Set(statuses(rescraped)), endpoints()]).toEqual([new Set(['enriched']), {}]);
  });

  test('one unknown track, one malformed and a duplicate do not cost their batch anything', async () => {
    const unknown = catalogue.find.track('unknownToSpotify');
    const [one = ''] = ids;
    const outcomes = await handled(
      sandboxClient(sandbox, realPorts()),
      seenNow([one, unknown, 'no-track', one, ...ids]),
    );
    expect(
      outcomes.slice(0, 4).map((outcome) => ('event' in outcome ? statuses([outcome.event])[0] : outcome.kind)),
    ).toEqual(['enriched', 'not_found', 'dead-letter', 'enriched']);
    expect(forwarded(outcomes.slice(4)).map(learned)).toEqual(ids.map(meant));
    expect(endpoints()['tracks']?.ids).toBe(ids.length + 1);
  });
});
