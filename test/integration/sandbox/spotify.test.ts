import { describe, expect, it } from 'vitest';
import { ask, at, catalogue, sandboxForTests, spotifyBearer } from './ask.ts';

const sandbox = await sandboxForTests();
const headers = await spotifyBearer(sandbox);
const api = (path: string) => ask(`${sandbox.urls.SPOTIFY_API_URL}${path}`, { headers });
const [id = '', other = ''] = catalogue.find.plain(2);
const recording = catalogue.recording(catalogue.resolve.track(id) ?? -1);

describe("Spotify's stand-in", () => {
  it('refuses wrong client credentials in the shape of the accounts service', async () => {
    const { status, body } = await ask(`${sandbox.urls.SPOTIFY_ACCOUNTS_URL}/api/token`, { method: 'POST' });
    expect({ status, body }).toEqual({
      status: 400,
      body: { error: 'invalid_client', error_description: 'Invalid client secret' },
    });
  });

  it('wants a token', async () => {
    const { status, body } = await ask(`${sandbox.urls.SPOTIFY_API_URL}/v1/tracks/${id}`);
    expect({ status, body }).toEqual({ status: 401, body: { error: { status: 401, message: 'No token provided' } } });
  });

  it('answers a list by position, with null for the unknown, the malformed and nothing else', async () => {
    const unknown = catalogue.find.track('unknownToSpotify');
    const { body } = await api(`/v1/tracks?ids=${[id, unknown, 'malformed', other, id].join(',')}`);
    const tracks = at(body, 'tracks') as readonly unknown[];
    expect(tracks.map((track) => at(track, 'id') ?? null)).toEqual([id, null, null, other, id]);
  });

  it('gives a track its ISRC and a simplified album, which has no label', async () => {
    const { body } = await api(`/v1/tracks/${id}`);
    expect(body).toMatchObject({
      id,
      uri: `spotify:track:${id}`,
      name: recording.title,
      external_ids: { isrc: recording.isrc },
      popularity: recording.popularity,
      album: { id: recording.album.id, release_date_precision: recording.album.precision },
    });
    for (const key of ['label', 'copyrights', 'external_ids', 'popularity'])
      expect(at(body, 'album')).not.toHaveProperty(key);
  });

  it('leaves the ISRC out where there is none', async () => {
    const [without = ''] = catalogue.find.idsWith((one) => one.has('withoutIsrc') && !one.has('unknownToSpotify'), 1);
    expect(at((await api(`/v1/tracks/${without}`)).body, 'external_ids')).toEqual({});
  });

  it('gives an album its label, copyrights, UPC and tracks', async () => {
    const { body } = await api(`/v1/albums?ids=${recording.album.id}`);
    expect(at(body, 'albums', 0)).toMatchObject({
      id: recording.album.id,
      label: recording.album.label,
      external_ids: { upc: recording.album.upc },
      copyrights: [{ type: 'C' }, { type: 'P' }],
    });
    const items = at(body, 'albums', 0, 'tracks', 'items') as readonly unknown[];
    expect(items.map((track) => at(track, 'id'))).toContain(id);
  });

  it('gives an artist followers, genres and popularity', async () => {
    const artist = recording.artists[0];
    const { body } = await api(`/v1/artists?ids=${artist?.id}`);
    expect(at(body, 'artists', 0)).toMatchObject({
      id: artist?.id,
      name: artist?.name,
      followers: { href: null, total: artist?.followers },
      genres: artist?.genres,
    });
  });

  it('gives audio features, and null where there are none', async () => {
    const [without = ''] = catalogue.find.idsWith((one) => one.has('withoutAudioFeatures'), 1);
    const { body } = await api(`/v1/audio-features?ids=${id},${without}`);
    expect(at(body, 'audio_features', 0)).toMatchObject({ id, type: 'audio_features', tempo: expect.any(Number) });
    expect(at(body, 'audio_features', 1)).toBeNull();
  });

  it('finds a track by its ISRC', async () => {
    const { body } = await api(`/v1/search?type=track&q=isrc:${recording.isrc}`);
    expect([at(body, 'tracks', 'total'), at(body, 'tracks', 'items', 0, 'id')]).toEqual([1, id]);
  });

  it.each([
    ['tracks', 50],
    ['artists', 50],
    ['albums', 20],
    ['audio-features', 100],
  ])('refuses more than its number of %s in a call', async (endpoint, most) => {
    const list = (count: number): string => Array.from({ length: count }, () => id).join(',');
    expect((await api(`/v1/${endpoint}?ids=${list(most)}`)).status).toBe(200);
    expect((await api(`/v1/${endpoint}?ids=${list(most + 1)}`)).status).toBe(400);
  });

  it('answers a single malformed id with 400 and an unknown one with 404', async () => {
    expect((await api('/v1/tracks/malformed')).body).toEqual({ error: { status: 400, message: 'invalid id' } });
    expect((await api(`/v1/tracks/${catalogue.find.track('unknownToSpotify')}`)).status).toBe(404);
  });

  it('refuses tokens that were ended, until a new one is asked for', async () => {
    const old = await spotifyBearer(sandbox);
    sandbox.setFault({ provider: 'spotify', mode: 'expire' });
    const tracks = `${sandbox.urls.SPOTIFY_API_URL}/v1/tracks/${id}`;
    expect((await ask(tracks, { headers: old })).body).toEqual({
      error: { status: 401, message: 'The access token expired' },
    });
    await expect.poll(async () => (await ask(tracks, { headers: await spotifyBearer(sandbox) })).status).toBe(200);
  });
});
