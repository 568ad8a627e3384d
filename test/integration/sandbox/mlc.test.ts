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

  it('has no recording of an ISRC in two ways: as an empty list, and as 404', async () => {
    const unmatched = catalogue.find
      .idsWith((one) => one.isrc !== null && (one.has('withoutMlcMatch') || one.has('unregisteredWork')), 20)
      .map((id) => catalogue.recording(catalogue.resolve.track(id) ?? -1));
    const answers = await Promise.all(unmatched.map(({ isrc }) => mlc('/search/recordings', { isrc })));
    const seen = answers.map(({ status, body }) => (status === 404 ? 404 : body));
    expect(seen.every((one) => one === 404 || (Array.isArray(one) && one.length === 0))).toBe(true);
    expect(new Set(seen.map(String))).toEqual(new Set(['404', '']));
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

  it('nests administrators: each stands within the one it collects for', async () => {
    const chained = (one: Recording): boolean =>
      catalogue.shares(one.work).some(({ administrators }) => administrators.length > 1);
    const { work } = sample(chained);
    const { body } = await mlc('/works', [{ mlcsongCode: work.songCode }]);
    const at0 = catalogue.shares(work).findIndex(({ administrators }) => administrators.length > 1);
    const [first, second] = catalogue.shares(work)[at0]?.administrators ?? [];
    expect(at(body, 0, 'publishers', at0, 'administrators')).toMatchObject([
      { publisherName: first?.name, administrators: [{ publisherName: second?.name }] },
    ]);
  });

  it('lists those who collect for an unsigned work as administrators', async () => {
    const { work } = sample((one) => one.work.publishing === 'unsigned' && catalogue.shares(one.work).length > 0);
    const { body } = await mlc('/works', [{ mlcsongCode: work.songCode }]);
    expect(at(body, 0, 'publishers')).toMatchObject([{ publisherRoleCode: 'AM', collectionShare: 100 }]);
  });

  it('has own companies that only their chain of administrators gives away', async () => {
    const hidden = sample((one) =>
      catalogue.shares(one.work).some(({ publisher, writer, administrators }) => {
        const owner = catalogue.writer(writer);
        return !publisher.name.includes(owner.name.full) && administrators.at(-1)?.name === owner.name.full;
      }),
    );
    expect(hidden.work.publishing).toBe('selfPublished');
  });

  it('finds a song by title and writers, among works of that title by others, and refuses a title alone', async () => {
    const asked = catalogue.find
      .idsWith((one) => registered(one) && one.work.artist.writer === one.work.writers[0]?.writer.number, 20)
      .map((id) => catalogue.recording(catalogue.resolve.track(id) ?? -1).work);
    const firsts = await Promise.all(
      asked.map(async ({ title, songCode, writers }) => {
        const { body } = await mlc('/search/songcode', {
          title,
          writers: writers.map(({ writer }) => ({
            writerFirstName: writer.name.first,
            writerLastName: writer.name.last,
            writerIPI: writer.ipi ?? '',
          })),
        });
        const codes = (body as readonly { mlcSongCode: string }[]).map(({ mlcSongCode }) => mlcSongCode);
        return { isFirst: codes[0] === songCode, isListed: codes.includes(songCode) };
      }),
    );
    expect(firsts.every(({ isListed }) => isListed)).toBe(true);
    expect(new Set(firsts.map(({ isFirst }) => isFirst))).toEqual(new Set([true, false]));
    expect((await mlc('/search/songcode', { title: plain.work.title })).status).toBe(400);
  });
});
