import { describe, expect, test } from 'vitest';
import { PACE } from '#phases/shared/phase-stage.ts';
import { spotifyStage } from '#phases/spotify/stage.ts';
import type { SpotifyClient } from '#providers/spotify/client.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { fakeLookup } from '#test/support/providers.ts';
import { ALBUM, someAlbum, someArtist, someCore, spotifyId } from '#test/support/spotify.ts';
import { AT, aPart, aRawTrack, trackId } from '#test/support/tracks.ts';
import type { RawTrack } from '#track/raw.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';
import type { SpotifyField, SpotifySection } from '#track/sections/spotify.ts';

const DAY = 86_400_000;

/** An account of the newest kind: everything that it is given, and what it was asked. */
function aNewApp(over: Partial<SpotifyClient> = {}) {
  const answer = <Facts>(facts: Facts) => fakeLookup(() => ({ kind: 'found', facts, fetchedAt: AT }) as const);
  const without = (...notOffered: SpotifyField[]) => ({ notOffered });
  const tracks = answer({ core: someCore, popularity: null, ...without('popularity') });
  const albums = answer({ album: { ...someAlbum, label: null }, ...without('album.label') });
  const artists = answer({ artist: { ...someArtist, followers: null }, ...without('artists.followers') });
  const client: SpotifyClient = {
    tracks: tracks.lookup,
    albums: albums.lookup,
    artists: artists.lookup,
    features: async () => ({ kind: 'not_offered', fetchedAt: AT }),
    profile: () => 'new-dev',
    shownProfile: () => 'new-dev',
    ...over,
  };
  return { client, tracks, albums };
}

async function run(client: SpotifyClient, raw: Partial<RawTrack> = {}) {
  const [outcome] = await spotifyStage(client, PACE).handle([aMessage(aRawTrack(raw))], aContext());
  if (outcome?.kind !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(outcome)}`);
  return outcome.event;
}

const priorOf = (spotify: Partial<SpotifySection>) => ({
  ...NO_SECTIONS,
  spotify: { ...NO_SECTIONS.spotify, ...spotify },
});
const accessPart = (profile: string, notOffered: readonly string[], fetchedAt = AT) =>
  aPart({ profile, notOffered: [...notOffered] }, { fetchedAt });
const all = ['album.label', 'artists.followers', 'features', 'popularity'];

describe('what the account is not given', () => {
  test('is named in the event, with the profile; the track is enriched all the same', async () => {
    const event = await run(aNewApp().client);
    expect([event.reports.spotify?.status, event.sections.spotify]).toMatchObject([
      'enriched',
      { popularity: null, features: null, album: { value: { label: null } }, access: accessPart('new-dev', all) },
    ]);
  });

  test('does not have the phase run again and again: popularity that is withheld is not missing', async () => {
    const { client, tracks } = aNewApp();
    const { sections } = await run(client);
    const again = await run(client, { prior: sections });
    expect([again.reports.spotify?.status, tracks.keys().length, again.sections]).toEqual(['known', 1, sections]);
  });

  test('is asked for again after a week', async () => {
    const { client, tracks } = aNewApp();
    const { sections } = await run(client);
    const { access } = sections.spotify;
    const prior = priorOf({ ...sections.spotify, access: access && { ...access, fetchedAt: AT - 8 * DAY } });
    expect([(await run(client, { prior })).reports.spotify?.status, tracks.keys().length]).toEqual(['enriched', 2]);
  });

  test('is asked for again at once by an account that is given more, and no answer from before counts', async () => {
    const { sections } = await run(aNewApp().client);
    const { client, tracks, albums } = aNewApp({ shownProfile: () => 'extended' });
    await run(client, { prior: sections });
    expect([tracks.asked, albums.asked]).toEqual([
      [{ key: trackId(), notBefore: AT + 1 }],
      [{ key: ALBUM, notBefore: AT + 1 }],
    ]);
  });

  test('is left alone as long as calls have not shown what the account is given', async () => {
    const { sections } = await run(aNewApp().client);
    const { client } = aNewApp({ profile: () => 'extended', shownProfile: () => null });
    expect((await run(client, { prior: sections })).reports.spotify?.status).toBe('known');
  });

  test('is kept for what was not asked this time, and replaced for what was', async () => {
    const known = await run(aNewApp().client);
    const { client } = aNewApp({
      profile: () => 'extended',
      shownProfile: () => null,
      albums: async () => ({ kind: 'found', facts: { album: someAlbum, notOffered: [] }, fetchedAt: AT + 5 }),
    });
    const { sections } = await run(client, { prior: priorOf({ ...known.sections.spotify, album: null }) });
    expect(sections.spotify.access).toEqual(
      accessPart('extended', ['artists.followers', 'features', 'popularity'], AT + 5),
    );
  });
});

describe('the album of a track', () => {
  const other = spotifyId(802);

  test('is asked for again when the track has moved to another, and replaces the one before even if it was asked earlier', async () => {
    const { client } = aNewApp({
      albums: async () => ({
        kind: 'found',
        facts: { album: { ...someAlbum, id: other }, notOffered: [] },
        fetchedAt: AT - DAY,
      }),
    });
    const prior = priorOf({
      core: aPart({ ...someCore, albumId: other }),
      popularity: aPart({ popularity: 1 }),
      album: aPart(someAlbum, { askedBy: `album:${ALBUM}` }),
    });
    const { sections } = await run(client, { prior });
    expect(sections.spotify.album).toMatchObject({ askedBy: `album:${other}`, value: { id: other } });
  });

  test('is known by the id that was asked, whatever id the answer carries', async () => {
    const { client } = aNewApp({
      albums: async () => ({
        kind: 'found',
        facts: { album: { ...someAlbum, id: other }, notOffered: [] },
        fetchedAt: AT,
      }),
    });
    expect((await run(client)).sections.spotify.album?.askedBy).toBe(`album:${ALBUM}`);
  });
});

describe('F2: the phase is skipped only when isrc, label, releaseDate and popularity are all present', () => {
  const complete = {
    isrc: 'USUM71900764',
    label: 'Canada Sounds',
    releaseDate: { value: '2019', precision: 'year' },
    popularity: 0,
  } as const;
  const fields = Object.keys(complete) as (keyof typeof complete)[];
  const subsets = Array.from({ length: 15 }, (_, bits) => fields.filter((_field, place) => ((bits + 1) >> place) & 1));
  const statusOf = async (raw: Partial<RawTrack>) => (await run(aNewApp().client, raw)).reports.spotify?.status;

  test('all four, popularity 0 included: skipped', async () => {
    expect(await statusOf(complete)).toBe('known');
  });

  test.each(subsets.map((missing) => [missing.join(', '), missing] as const))(
    'without %s: it runs',
    async (_, missing) => {
      const raw = { ...complete, ...Object.fromEntries(missing.map((field) => [field, null])) };
      expect(await statusOf(raw)).toBe('enriched');
    },
  );

  test.each([
    ['a label of blanks', { label: '  ' }],
    ['an ISRC that is none', { isrc: 'N/A' }],
    ['a date without content', { releaseDate: { value: '', precision: 'day' } }],
  ] as const)('%s is not present', async (_, raw) => {
    expect(await statusOf({ ...complete, ...raw })).toBe('enriched');
  });
});
