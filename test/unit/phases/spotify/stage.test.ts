import { describe, expect, test } from 'vitest';
import { PACE } from '#phases/shared/phase-stage.ts';
import { spotifyStage } from '#phases/spotify/stage.ts';
import type { SpotifyClient } from '#providers/spotify/client.ts';
import { failure } from '#stream/failure.ts';
import type { Envelope } from '#stream/message.ts';
import { deadLetter, forward, type Outcome, retry } from '#stream/outcome.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { fakeLookup } from '#test/support/providers.ts';
import { ALBUM, ARTIST, someAlbum, someArtist, someCore, someFeatures } from '#test/support/spotify.ts';
import { AT, aPart, aRawTrack, trackId } from '#test/support/tracks.ts';
import type { TrackEvent } from '#track/event.ts';
import type { RawTrack } from '#track/raw.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

const DAY = 86_400_000;
const found = <Facts>(facts: Facts) => ({ kind: 'found', facts, fetchedAt: AT }) as const;

/** A client that knows everything, and what it was asked. */
function aClient(over: Partial<SpotifyClient> = {}) {
  const tracks = fakeLookup(() => found({ core: someCore, popularity: 0, notOffered: [] }));
  const albums = fakeLookup(() => found({ album: someAlbum, notOffered: [] }));
  const artists = fakeLookup(() => found({ artist: someArtist, notOffered: [] }));
  const features = fakeLookup(() => found(someFeatures));
  const client: SpotifyClient = {
    tracks: tracks.lookup,
    albums: albums.lookup,
    artists: artists.lookup,
    features: features.lookup,
    profile: () => 'extended',
    shownProfile: () => null,
    ...over,
  };
  const asked = () => ({
    tracks: tracks.keys(),
    albums: albums.keys(),
    artists: artists.keys(),
    features: features.keys(),
  });
  return { client, asked, tracks };
}

const run = async (
  client: SpotifyClient | null,
  raw: Partial<RawTrack>,
  force: Envelope['force'] = null,
): Promise<Outcome<TrackEvent> | undefined> => {
  const [outcome] = await spotifyStage(client, PACE).handle([aMessage(aRawTrack(raw), { force })], aContext());
  return outcome;
};

const statusOf = (outcome: Outcome<TrackEvent> | undefined) =>
  outcome && 'event' in outcome ? outcome.event.reports.spotify?.status : outcome?.kind;

const NOTHING = { tracks: [], albums: [], artists: [], features: [] };
const date = { value: '2019', precision: 'year' } as const;
/** All four facts of the selective rule, as a scraper saw them. */
const complete: Partial<RawTrack> = { isrc: 'USUM71900764', label: 'L', releaseDate: date, popularity: 0 };

const parts = {
  core: aPart(someCore),
  popularity: aPart({ popularity: 0 }),
  album: aPart(someAlbum, { askedBy: `album:${ALBUM}` }),
  artists: aPart({ artists: [someArtist] }),
  features: aPart(someFeatures),
  access: aPart({ profile: 'extended', notOffered: [] as string[] }),
};
const priorOf = (spotify: Partial<TrackEvent['sections']['spotify']>) => ({
  ...NO_SECTIONS,
  spotify: { ...NO_SECTIONS.spotify, ...spotify },
});
const aged = <Part extends { fetchedAt: number }>(part: Part, days: number): Part => ({
  ...part,
  fetchedAt: AT - days * DAY,
});

describe('the spotify phase', () => {
  test('fills every part of a track of which only the id is known', async () => {
    const { client } = aClient();
    const outcome = await run(client, {});
    expect(outcome).toMatchObject(
      forward({
        trackId: trackId(),
        sections: priorOf(parts),
        reports: { spotify: { status: 'enriched', at: AT, code: null, attempts: 1, confirmedAt: null } },
      }),
    );
  });

  test('asks for the track and its features by track id, for album and artists by the ids of the track', async () => {
    const { client, asked } = aClient();
    await run(client, {});
    expect(asked()).toEqual({ tracks: [trackId()], albums: [ALBUM], artists: [ARTIST], features: [trackId()] });
  });

  test('dead-letters what names no track, in the words of the list', async () => {
    expect(await run(null, { track: 'spotify:episode:4uLU6hMCjMI75M1A2tKUQC' })).toEqual(
      deadLetter(failure('NO_TRACK_ID', '"spotify:episode:4uLU6hMCjMI75M1A2tKUQC" names no Spotify track')),
    );
  });

  test('takes a link for the id', async () => {
    const { client, asked } = aClient();
    await run(client, { track: `https://open.spotify.com/intl-de/track/${trackId(7)}?si=1` });
    expect(asked().tracks).toEqual([trackId(7)]);
  });
});

describe('the selective rule', () => {
  test('skips a track of which ISRC, label, release date and popularity are known, popularity 0 too', async () => {
    const { client, asked } = aClient();
    const outcome = await run(client, complete);
    expect([statusOf(outcome), asked()]).toEqual(['known', NOTHING]);
  });

  test('skips a track whose prior parts are fresh', async () => {
    const { client, asked } = aClient();
    const outcome = await run(client, { prior: priorOf(parts) });
    expect([statusOf(outcome), asked()]).toEqual(['known', NOTHING]);
    expect(outcome).toMatchObject({ event: { sections: priorOf(parts), reports: { spotify: { confirmedAt: AT } } } });
  });

  test('knows that Spotify has no ISRC for a track, and does not ask for it every time', async () => {
    const { client, asked } = aClient();
    const core = aPart({ ...someCore, isrc: null });
    expect([statusOf(await run(client, { prior: priorOf({ ...parts, core }) })), asked()]).toEqual(['known', NOTHING]);
  });

  test.each(['isrc', 'releaseDate', 'popularity'] as const)(
    'runs for a missing %s, and asks for the track',
    async (field) => {
      const { client, asked } = aClient();
      expect([statusOf(await run(client, { ...complete, [field]: null })), asked()]).toEqual([
        'enriched',
        { tracks: [trackId()], albums: [], artists: [ARTIST], features: [trackId()] },
      ]);
    },
  );

  test('asks for the album alone when only the label is missing and the rest is there', async () => {
    const { client, asked } = aClient();
    await run(client, { prior: priorOf({ ...parts, album: null }) });
    expect(asked()).toEqual({ ...NOTHING, albums: [ALBUM] });
  });

  test('takes audio features that the scraper saw for known', async () => {
    const { client, asked } = aClient();
    await run(client, { audioFeatures: someFeatures });
    expect(asked().features).toEqual([]);
  });

  test('asks for a popularity that is a day old, and lets no older answer count', async () => {
    const { client, asked, tracks } = aClient();
    const prior = priorOf({ ...parts, popularity: aged(parts.popularity, 1.1) });
    expect([statusOf(await run(client, { prior })), asked()]).toEqual([
      'enriched',
      { ...NOTHING, tracks: [trackId()] },
    ]);
    expect(tracks.asked[0]?.notBefore).toBe(AT - DAY);
  });

  test('takes a popularity that was seen two days ago for old', async () => {
    const { client, asked } = aClient();
    await run(client, { ...complete, observedAt: AT - 2 * DAY });
    expect(asked().tracks).toEqual([trackId()]);
  });

  test('lets a core answer of last month count when only the core is missing', async () => {
    const { client, tracks } = aClient();
    await run(client, { ...complete, isrc: null });
    expect(tracks.asked[0]?.notBefore).toBeNull();
  });

  test('runs a forced track whose parts are fresh, and asks for all anew', async () => {
    const { client, asked, tracks } = aClient();
    const since = AT + 1;
    await run(client, { ...complete, prior: priorOf(parts) }, { phases: ['spotify'], since });
    expect(asked()).toEqual({ tracks: [trackId()], albums: [ALBUM], artists: [ARTIST], features: [trackId()] });
    expect(tracks.asked[0]?.notBefore).toBe(since);
  });

  test('does not ask again for what was fetched since the forced replay began', async () => {
    const { client, asked } = aClient();
    await run(client, { prior: priorOf(parts) }, { phases: ['spotify'], since: AT - 1 });
    expect(asked()).toEqual(NOTHING);
  });
});

describe('answers that hold nothing, and trouble', () => {
  test('no such track: not_found', async () => {
    const { client } = aClient({
      tracks: async () => ({ kind: 'not_found', fetchedAt: AT }),
      features: async () => ({ kind: 'not_found', fetchedAt: AT }),
    });
    expect(await run(client, {})).toMatchObject({
      kind: 'forward',
      event: { sections: NO_SECTIONS, reports: { spotify: { status: 'not_found', code: 'NO_MATCH', attempts: 1 } } },
    });
  });

  test('audio features that are not offered leave the track enriched', async () => {
    const { client } = aClient({ features: async () => ({ kind: 'not_offered', fetchedAt: AT }) });
    const outcome = await run(client, {});
    expect([statusOf(outcome), outcome]).toMatchObject([
      'enriched',
      { event: { sections: { spotify: { features: null } } } },
    ]);
  });

  test('a failed album call is tried again; given up, the ISRC that was found goes on', async () => {
    const down = failure('PROVIDER_ERROR', 'albums answered 500');
    const { client } = aClient({ albums: async () => ({ kind: 'failed', failure: down }) });
    const stage = spotifyStage(client, PACE);
    const message = aMessage(aRawTrack());
    expect(await stage.handle([message], aContext())).toEqual([retry(down)]);
    expect(stage.giveUp(message, down, aContext({ attempt: 5 }))).toMatchObject({
      sections: { spotify: { core: { value: { isrc: 'USUM71900764' } }, album: null } },
      reports: { spotify: { status: 'failed', code: 'PROVIDER_ERROR', attempts: 5 } },
    });
  });

  test('artists are written all or none', async () => {
    const core = {
      ...someCore,
      artists: [
        { id: ARTIST, name: 'A' },
        { id: ALBUM, name: 'B' },
      ],
    };
    const { client } = aClient({
      tracks: async () => found({ core, popularity: 1, notOffered: [] }),
      artists: async (key) =>
        key === ARTIST
          ? found({ artist: someArtist, notOffered: [] })
          : { kind: 'failed', failure: failure('UNPARSEABLE', 'drift') },
    });
    expect(await run(client, {})).toMatchObject({
      kind: 'degrade',
      event: { sections: { spotify: { artists: null, album: { value: { label: 'Example Records' } } } } },
    });
  });

  test('not configured: off, but known stays known', async () => {
    expect([statusOf(await run(null, {})), statusOf(await run(null, complete))]).toEqual(['off', 'known']);
    expect(await run(null, {})).toMatchObject({
      event: { reports: { spotify: { code: 'NOT_CONFIGURED', attempts: 0 } } },
    });
  });
});
