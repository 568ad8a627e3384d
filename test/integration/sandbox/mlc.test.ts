import { describe, expect, it } from 'vitest';
import type { Recording } from '#sandbox/catalogue/recordings.ts';
import { type Answer, at, catalogue, mlcTokens, post, sandboxForTests } from './ask.ts';

const sandbox = await sandboxForTests();
const base = sandbox.urls.MLC_API_URL;
const tokens = await mlcTokens(sandbox);
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${String(at(tokens, token))}` });
const mlc = (path: string, body: unknown): Promise<Answer> => post(`${base}${path}`, body, bearer('idToken'));

const registered = (one: Recording): boolean =>
  one.isrc !== null && !one.has('withoutMlcMatch') && !one.has('unregisteredWork');
const sample = (wanted: (one: Recording) => boolean): Recording => {
  const [id = ''] = catalogue.find.idsWith((one) => registered(one) && wanted(one), 1);
  return catalogue.recording(catalogue.resolve.track(id) ?? -1);
};
const plain = sample((one) => !one.has('severalWorks') && one.work.publishing === 'signed' && one.work.iswc !== null);

describe("The MLC's stand-in", () => {
  it('says how long its token lasts as a text', () => {
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: '3600', accessToken: expect.any(String) });
  });

  it('answers a failed login with 200 and an error field', async () => {
    const { status, body } = await post(`${base}/oauth/token`, { username: 'someone', password: 'else' });
    expect({ status, body }).toEqual({
      status: 200,
      body: { error: 'invalid_grant', errorDescription: expect.any(String) },
    });
  });

  it('gives new tokens for a refresh token', async () => {
    const { body } = await post(`${base}/oauth/token`, { refreshToken: at(tokens, 'refreshToken') });
    expect(body).toMatchObject({ idToken: expect.any(String) });
  });

  it('takes the id token and refuses the access token', async () => {
    const asked = { isrc: plain.isrc };
    expect((await post(`${base}/search/recordings`, asked, bearer('accessToken'))).status).toBe(401);
    expect((await post(`${base}/search/recordings`, asked, bearer('idToken'))).status).toBe(200);
  });

  it('finds the recordings of an ISRC, with the small s in the song code', async () => {
    const { body } = await mlc('/search/recordings', { isrc: plain.isrc });
    expect(body).toMatchObject([{ isrc: plain.isrc, title: plain.title, mlcsongCode: plain.work.songCode }]);
  });

  it('answers an empty list for an ISRC it has no recording of', async () => {
    for (const trait of ['withoutMlcMatch', 'unregisteredWork'] as const) {
      const [id = ''] = catalogue.find.idsWith((one) => one.isrc !== null && one.has(trait), 1);
      const isrc = catalogue.recording(catalogue.resolve.track(id) ?? -1).isrc;
      expect((await mlc('/search/recordings', { isrc })).body).toEqual([]);
    }
  });

  it('matches two works to some ISRCs', async () => {
    const several = sample((one) => one.has('severalWorks') && one.secondWork?.work.registered === true);
    const codes = at((await mlc('/search/recordings', { isrc: several.isrc })).body, 'length');
    expect(codes).toBe(2);
  });

  it('gives a work with its writers and its publishers by share', async () => {
    const { songCode, iswc, writers } = plain.work;
    const { body } = await mlc('/works', [{ mlcsongCode: songCode }, { mlcsongCode: 'nosuch' }]);
    expect(body).toMatchObject([
      {
        mlcSongCode: songCode,
        iswc,
        writers: writers.map(({ writer }) => ({ writerIPI: writer.ipi ?? '', writerId: expect.any(String) })),
        publishers: [
          { publisherRoleCode: 'E', administrators: expect.any(Array), parentPublishers: expect.any(Array) },
        ],
      },
    ]);
    const single = await fetch(`${base}/work/id/${songCode}`, { headers: bearer('idToken') });
    expect(await single.json()).toEqual(at(body, 0));
  });

  it('claims more than the whole for disputed works', async () => {
    const disputed = sample((one) => one.has('disputed'));
    const { body } = await mlc('/works', [{ mlcsongCode: disputed.work.songCode }]);
    const shares = at(body, 0, 'publishers') as readonly { collectionShare: number }[];
    expect(shares.reduce((sum, { collectionShare }) => sum + collectionShare, 0)).toBeGreaterThan(100);
  });

  it('finds a song by title and writers, the best match first, and refuses a title alone', async () => {
    const { work } = sample((one) => one.work.artist.writer === one.work.writers[0]?.writer.number);
    const writers = work.writers.map(({ writer }) => ({
      writerFirstName: writer.name.first,
      writerLastName: writer.name.last,
      writerIPI: writer.ipi ?? '',
    }));
    expect(at((await mlc('/search/songcode', { title: `${work.title} - Live`, writers })).body, 0)).toMatchObject({
      mlcSongCode: work.songCode,
      iswc: work.iswc ?? '',
    });
    expect((await mlc('/search/songcode', { title: work.title })).status).toBe(400);
  });
});
