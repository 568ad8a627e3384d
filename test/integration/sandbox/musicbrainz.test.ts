import { describe, expect, it } from 'vitest';
import { type Answer, ask, at, catalogue, sandboxForTests } from './ask.ts';

const sandbox = await sandboxForTests();
const headers = { 'user-agent': 'linernotes-tests/1.0 ( tests@linernotes.example )' };
const get = (path: string, query: Record<string, string | readonly string[]>): Promise<Answer> => {
  const parameters = Object.entries({ fmt: 'json', ...query }).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}=${encodeURIComponent(one)}`),
  );
  return ask(`${sandbox.urls.MUSICBRAINZ_URL}${path}?${parameters.join('&')}`, { headers });
};
const list = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] =>
  at(value, ...path) as readonly unknown[];

const linked = catalogue.find
  .idsWith(
    (one) =>
      one.isrc !== null &&
      !one.has('withoutMusicBrainz') &&
      !one.has('withoutMusicBrainzWork') &&
      one.work.writers.some(({ writer }) => writer.mbid !== null && catalogue.linksOfWriter(writer).length > 2),
    5,
  )
  .map((id) => catalogue.recording(catalogue.resolve.track(id) ?? -1));
const mbids = linked.map(({ number }) => catalogue.resolve.mbRecordingId(number));
const writer = linked
  .flatMap(({ work }) => work.writers.map((one) => one.writer))
  .find((one) => one.mbid !== null && catalogue.linksOfWriter(one).length > 2);
if (writer === undefined || writer.mbid === null) throw new Error('no writer with links');
const { mbid } = writer;
const links = catalogue.linksOfWriter(writer);
const absent = catalogue.find.idsWith((one) => one.isrc !== null && one.has('withoutMusicBrainz'), 1);
const absentIsrc = catalogue.recording(catalogue.resolve.track(absent[0] ?? '') ?? -1).isrc ?? '';

describe("MusicBrainz' stand-in", () => {
  it('wants callers to name themselves', async () => {
    const { status } = await ask(`${sandbox.urls.MUSICBRAINZ_URL}/ws/2/isrc/${absentIsrc}?fmt=json`);
    expect(status).toBe(403);
  });

  it('looks up the recordings of an ISRC with the work they perform', async () => {
    const { body } = await get(`/ws/2/isrc/${linked[0]?.isrc}`, { inc: 'artist-credits+work-rels' });
    expect(body).toMatchObject({
      isrc: linked[0]?.isrc,
      recordings: [{ id: mbids[0], relations: [{ type: 'performance', work: { id: linked[0]?.work.mbid } }] }],
    });
  });

  it('tells an unknown ISRC from a malformed one and from a question it does not allow', async () => {
    expect((await get(`/ws/2/isrc/${absentIsrc}`, {})).status).toBe(404);
    expect((await get('/ws/2/isrc/NOPE', {})).body).toEqual({ error: 'Invalid isrc.' });
    expect((await get(`/ws/2/isrc/${linked[0]?.isrc}`, { inc: 'work-level-rels' })).status).toBe(400);
  });

  it('searches many ISRCs at once and leaves out those it does not have', async () => {
    const isrcs = [...linked.map(({ isrc }) => isrc), absentIsrc];
    const { body } = await get('/ws/2/recording', { query: `isrc:(${isrcs.join(' OR ')})`, limit: '100' });
    expect(list(body, 'recordings').map((one) => at(one, 'id'))).toEqual(mbids);
    expect(list(body, 'recordings').map((one) => at(one, 'isrcs', 0))).toEqual(linked.map(({ isrc }) => isrc));
  });

  it('searches works by recording, with their writers', async () => {
    const { body } = await get('/ws/2/work', { query: `rid:(${mbids.join(' OR ')})`, limit: '100' });
    expect(list(body, 'works').map((one) => at(one, 'id'))).toEqual(linked.map(({ work }) => work.mbid));
    const artists = list(body, 'works').flatMap((work) =>
      list(work, 'relations').map((one) => at(one, 'artist', 'id')),
    );
    expect(artists).toContain(mbid);
  });

  it('gives the writers with the recording when asked', async () => {
    const { body } = await get(`/ws/2/recording/${mbids[0]}`, { inc: 'work-rels+work-level-rels+artist-rels' });
    expect(list(body, 'relations', 0, 'work', 'relations').length).toBeGreaterThan(0);
  });

  it('searches artists by IPI and by name', async () => {
    const known = Array.from({ length: 50 }, (_, number) => catalogue.writer(number)).find(
      (one) => one.mbid !== null && one.ipi !== null && one.number % 3 !== 0,
    );
    const byIpi = await get('/ws/2/artist', { query: `ipi:(${known?.ipi} OR 00000000001)` });
    expect(list(byIpi.body, 'artists').map((one) => at(one, 'id'))).toEqual([known?.mbid]);
    const byName = await get('/ws/2/artist', { query: `artist:"${known?.name.full}"`, limit: '100' });
    expect(list(byName.body, 'artists').map((one) => at(one, 'id'))).toContain(known?.mbid);
  });

  it('searches the addresses of artists without telling which are dead; the lookup tells', async () => {
    const search = await get('/ws/2/url', { query: `targettype:artist AND targetid:(${mbid})`, limit: '100' });
    const found = list(search.body, 'urls').map((one) => String(at(one, 'resource')));
    expect(found).toEqual(links.map(({ url }) => url));
    expect(JSON.stringify(search.body)).not.toContain('"ended"');
    const lookup = await get('/ws/2/url', { resource: [...found, 'https://nobody.example/'], inc: 'artist-rels' });
    expect(list(lookup.body, 'urls').map((one) => at(one, 'relations', 0, 'ended'))).toEqual(
      links.map(({ ended }) => ended),
    );
    expect(list(lookup.body, 'urls').map((one) => at(one, 'relations', 0, 'artist', 'id'))).toEqual(
      links.map(() => mbid),
    );
  });

  it('answers one unknown address alone with 404', async () => {
    expect((await get('/ws/2/url', { resource: 'https://nobody.example/', inc: 'artist-rels' })).status).toBe(404);
  });

  it('looks up an artist with the links', async () => {
    const { body } = await get(`/ws/2/artist/${mbid}`, { inc: 'url-rels' });
    expect(list(body, 'relations').map((one) => at(one, 'url', 'resource'))).toEqual(links.map(({ url }) => url));
  });
});
