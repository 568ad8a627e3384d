import { describe, expect, it } from 'vitest';
import { toChartmetricId } from '#sandbox/catalogue/numbers.ts';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import { type Answer, ask, at, catalogue, chartmetricBearer, post, sandboxForTests } from './ask.ts';

const sandbox = await sandboxForTests();
const base = sandbox.urls.CHARTMETRIC_API_URL;
const headers = await chartmetricBearer(sandbox);
const get = (path: string): Promise<Answer> => ask(`${base}${path}`, { headers });
const sample = (wanted: (one: Recording) => boolean): Recording => {
  const known = (one: Recording): boolean => one.isrc !== null && !one.has('unknownToChartmetric') && wanted(one);
  return catalogue.recording(catalogue.resolve.track(catalogue.find.idsWith(known, 1)[0] ?? '') ?? -1);
};
const recording = sample((one) => !one.has('numbersAsStrings'));

describe("Chartmetric's stand-in", () => {
  it('gives a token for the refresh token, with rate headers that are no numbers', async () => {
    const refused = await post(`${base}/api/token`, { refreshtoken: 'wrong' });
    expect([refused.status, refused.headers.get('x-ratelimit-limit')]).toEqual([401, 'false']);
    expect(headers['authorization']).toMatch(/^Bearer sandbox\./);
  });

  it('gives the ids of a track by ISRC and by Spotify id', async () => {
    const chartmetric_ids = [toChartmetricId(recording.number)];
    const spotifyId = catalogue.resolve.trackId(recording.number);
    const byIsrc = await get(`/api/track/isrc/${recording.isrc}/get-ids`);
    expect(byIsrc.body).toMatchObject({ obj: [{ isrc: recording.isrc, chartmetric_ids, itunes_ids: null }] });
    expect(byIsrc.headers.get('x-ratelimit-limit')).toBe('25');
    const bySpotify = await get(`/api/track/spotify/${spotifyId}/get-ids`);
    expect(bySpotify.body).toMatchObject({ obj: [{ chartmetric_ids, spotify_ids: [spotifyId] }] });
  });

  it('answers unknown tracks with an empty list, and 404 by id', async () => {
    const id = catalogue.find.track('unknownToChartmetric');
    expect((await get(`/api/track/spotify/${id}/get-ids`)).body).toEqual({ obj: [] });
    expect((await get(`/api/track/${toChartmetricId(catalogue.resolve.track(id) ?? -1)}`)).status).toBe(404);
  });

  it('gives a track with its statistics', async () => {
    const { body } = await get(`/api/track/${toChartmetricId(recording.number)}`);
    const measures = catalogue.measures(recording);
    expect(at(body, 'obj')).toMatchObject({
      isrc: recording.isrc,
      score: measures.score,
      track_stage: measures.stage,
      career_health: measures.careerHealth,
      cm_statistics: {
        sp_streams: measures.streams,
        sp_popularity: recording.popularity,
        num_sp_playlists: measures.playlists,
      },
    });
  });

  it('writes the numbers of some tracks as texts', async () => {
    const textual = sample((one) => one.has('numbersAsStrings'));
    const { body } = await get(`/api/track/${toChartmetricId(textual.number)}`);
    expect(at(body, 'obj', 'cm_statistics', 'num_sp_playlists')).toBe(String(catalogue.measures(textual).playlists));
  });

  it('gives popularity as history unless streams are asked for', async () => {
    const path = `/api/track/${toChartmetricId(recording.number)}/spotify/stats/most-history`;
    expect(at((await get(path)).body, 'obj', 0, 'type')).toBe('popularity');
    const streams = (await get(`${path}?type=streams`)).body;
    expect([at(streams, 'obj', 0, 'type'), at(streams, 'obj', 0, 'data', 'length')]).toEqual(['streams', 5]);
  });

  it('answers an unknown path as if the session were lost', async () => {
    const { status, body } = await get('/api/track/1/spotify/stats');
    expect([status, String(at(body, 'error'))]).toEqual([401, expect.stringContaining('internal API endpoint')]);
  });
});
