import { describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpRequest } from '#providers/http.ts';
import { mlcClient } from '#providers/mlc/client.ts';
import { wireSongOf, wireWorkOf } from '#test/support/mlc.ts';
import { anAnswer, anAsking, aStatus, fakeHttp, providerPorts } from '#test/support/providers.ts';
import { AT } from '#test/support/tracks.ts';

const ISRC = 'USUM71900764';
const login = anAnswer({ accessToken: 'wrong one', idToken: 'right one', tokenType: 'Bearer', expiresIn: '3600' });

/** A client on a network with a function for everything but the login. */
function mlc(respond: (request: HttpRequest) => HttpAnswer, loggedIn = login) {
  const network = fakeHttp((request) => (request.url.endsWith('/oauth/token') ? loggedIn : respond(request)));
  const config = { apiUrl: 'https://mlc.example.org', username: 'u', password: 'p', lingerMs: { live: 0, replay: 0 } };
  return { client: mlcClient(config, providerPorts(network.http)), ...network };
}

const recording = (mlcsongCode: string | null, isrc: string | null = ISRC) => ({ id: '1', isrc, mlcsongCode });
const codesOf = ({ body }: HttpRequest): readonly string[] =>
  JSON.parse(body ?? '[]').map(({ mlcsongCode }: { mlcsongCode: string }) => mlcsongCode);

describe('the client of The MLC', () => {
  test('sends the id token, not the access token', async () => {
    const { client, requests } = mlc(() => anAnswer([]));
    await client.recordings(ISRC, anAsking());
    expect(requests.map(({ url, headers, body }) => [url, headers['authorization'], body])).toEqual([
      ['https://mlc.example.org/oauth/token', undefined, '{"username":"u","password":"p"}'],
      ['https://mlc.example.org/search/recordings', 'Bearer right one', `{"isrc":"${ISRC}"}`],
    ]);
  });

  test.each([
    ['200 with an error', anAnswer({ error: 'invalid_grant', errorDescription: 'Incorrect password.' })],
    ['401', aStatus(401)],
    ['400', aStatus(400)],
  ])('fails with UNAUTHORIZED on a login answered with %s', async (_, answer) => {
    const { client } = mlc(() => anAnswer([]), answer);
    expect(await client.recordings(ISRC, anAsking())).toMatchObject({
      kind: 'failed',
      failure: { code: 'UNAUTHORIZED' },
    });
  });

  test('gives every song code of the recordings under the ISRC, each once, and none of their neighbours', async () => {
    const { client } = mlc(() =>
      anAnswer([recording('AA1111'), recording('BB2222'), recording('AA1111'), recording('CC3333', 'USUM71900765')]),
    );
    expect(await client.recordings(ISRC, anAsking())).toEqual({
      kind: 'found',
      facts: { songCodes: ['AA1111', 'BB2222'] },
      fetchedAt: AT,
    });
  });

  test.each([
    ['an empty list', anAnswer([])],
    ['404', aStatus(404)],
  ])('takes %s for "no such recording"', async (_, answer) => {
    const { client } = mlc(() => answer);
    expect(await client.recordings(ISRC, anAsking())).toEqual({ kind: 'not_found', fetchedAt: AT });
  });

  test('knows a recording that is matched to no song', async () => {
    const { client } = mlc(() => anAnswer([recording(null)]));
    expect(await client.recordings(ISRC, anAsking())).toMatchObject({ kind: 'found', facts: { songCodes: [] } });
  });

  test.each([
    ['a renamed song code', [{ id: '1', isrc: ISRC, songCode: 'AA1111' }]],
    ['an object instead of a list', { recordings: [] }],
  ])('fails with UNPARSEABLE on %s, and does not read it as "no song"', async (_, json) => {
    const { client } = mlc(() => anAnswer(json));
    expect(await client.recordings(ISRC, anAsking())).toMatchObject({ failure: { code: 'UNPARSEABLE' } });
  });

  test('asks for works 50 a call and matches them by song code', async () => {
    const { client, requests } = mlc((request) =>
      anAnswer(
        codesOf(request)
          .filter((code) => code !== 'XX0003')
          .reverse()
          .map((code) => wireWorkOf(code)),
      ),
    );
    const codes = Array.from({ length: 51 }, (_, n) => `XX${String(n).padStart(4, '0')}`);
    const answers = await Promise.all(codes.map((code) => client.works(code, anAsking())));
    expect(requests.filter(({ url }) => url.endsWith('/works')).map((request) => codesOf(request).length)).toEqual([
      50, 1,
    ]);
    expect(answers.map((answer) => (answer.kind === 'found' ? answer.facts.songCode : answer.kind))).toEqual(
      codes.map((code) => (code === 'XX0003' ? 'not_found' : code)),
    );
  });

  test('reads a work: names joined, IPI in digits, share as a number, 0 and empty as absent', async () => {
    const { client } = mlc(() => anAnswer([wireWorkOf('AB1234')]));
    expect(await client.works('AB1234', anAsking())).toEqual({
      kind: 'found',
      fetchedAt: AT,
      facts: {
        songCode: 'AB1234',
        iswc: 'T-123.456.789-4',
        title: 'EXAMPLE SONG',
        akas: [],
        disputed: false,
        writers: [{ id: '7', name: 'ADA EXAMPLE', ipi: '00123456789', roleCode: 'CA' }],
        publishers: [
          {
            name: 'Big Songs',
            ipi: null,
            roleCode: 'E',
            share: 50,
            administrators: [{ name: 'Collector', ipi: '00000000999' }],
            parents: [],
          },
        ],
      },
    });
  });

  test('fails with UNPARSEABLE on a work without its list of publishers, and does not read it as unsigned', async () => {
    const { client } = mlc(() => anAnswer([wireWorkOf('AB1234', { publishers: undefined })]));
    expect(await client.works('AB1234', anAsking())).toMatchObject({ failure: { code: 'UNPARSEABLE' } });
  });

  test('reads alternative titles, and chains of administrators and parents as they are nested', async () => {
    const party = (publisherName: string, over: object = {}) => ({ publisherName, publisherIpiNumber: '', ...over });
    const big = party('Big Songs', {
      administrators: [party('First', { administrators: [party('Second', { administrators: [] })] }), party('')],
      parentPublishers: [party('House', { parentPublishers: [party('Group')] })],
    });
    const akas = [
      { akaId: '1', akaTitle: 'Beispiel' },
      { akaId: '2', akaTitle: ' ' },
    ];
    const { client } = mlc(() => anAnswer([wireWorkOf('AB1234', { akas, publishers: [big] })]));
    expect(await client.works('AB1234', anAsking())).toMatchObject({
      facts: {
        akas: ['Beispiel'],
        publishers: [
          {
            share: null,
            administrators: [{ name: 'First' }, { name: 'Second' }],
            parents: [{ name: 'House' }, { name: 'Group' }],
          },
        ],
      },
    });
  });

  test('finds the one song code that makes a batch fail', async () => {
    const { client } = mlc((request) =>
      codesOf(request).includes('BAD') ? aStatus(400) : anAnswer(codesOf(request).map((code) => wireWorkOf(code))),
    );
    const answers = await Promise.all(['AA', 'BAD', 'CC', 'DD'].map((code) => client.works(code, anAsking())));
    expect(answers.map(({ kind }) => kind)).toEqual(['found', 'failed', 'found', 'found']);
  });
});

describe('the song search', () => {
  const ADA = { name: 'Ada van der Example', ipi: '00123456789' };
  const HAN = { name: '宇多田ヒカル', ipi: null };

  test('sends title and writers, names in two parts, and gives what is listed', async () => {
    const { client, requests } = mlc(() => anAnswer([wireSongOf('AB1234')]));
    expect(await client.songs({ title: 'Example Song', writers: [ADA, HAN] }, anAsking())).toEqual({
      kind: 'found',
      fetchedAt: AT,
      facts: {
        songs: [
          {
            songCode: 'AB1234',
            title: 'EXAMPLE SONG',
            writers: [{ id: '7', name: 'ADA EXAMPLE', ipi: null, roleCode: 'CA' }],
          },
        ],
      },
    });
    expect([requests[1]?.url, JSON.parse(requests[1]?.body ?? '')]).toEqual([
      'https://mlc.example.org/search/songcode',
      {
        title: 'Example Song',
        writers: [
          { writerFirstName: '', writerLastName: '宇多田ヒカル', writerIPI: '' },
          { writerFirstName: 'Ada van der', writerLastName: 'Example', writerIPI: '00123456789' },
        ],
      },
    ]);
  });

  test('asks once for the same title and writers in another order', async () => {
    const { client, requests } = mlc(() => anAnswer([]));
    await client.songs({ title: 'Example Song', writers: [ADA, HAN] }, anAsking());
    await client.songs({ title: 'Example Song', writers: [HAN, ADA] }, anAsking());
    expect(requests.length).toBe(2);
  });

  test('asks with five writers at most, and with a key that fits into an index', async () => {
    const { client, requests } = mlc(() => anAnswer([]));
    const many = Array.from({ length: 40 }, (_, n) => ({ name: `Writer ${n}`, ipi: null }));
    await client.songs({ title: 'Example Song', writers: many }, anAsking());
    const long = many.map(({ name }) => ({ name: `${'李'.repeat(100)} ${name}`, ipi: null }));
    await client.songs({ title: 'Example Song', writers: long }, anAsking());
    await client.songs({ title: '李'.repeat(2000), writers: [{ name: '李'.repeat(2000), ipi: null }] }, anAsking());
    expect(requests.slice(1).map(({ body }) => JSON.parse(body ?? '').writers.length)).toEqual([5, 3, 1]);
    expect(Buffer.byteLength(requests[3]?.body ?? '')).toBeLessThan(1200);
  });

  test.each([
    ['an empty list', anAnswer([])],
    ['404', aStatus(404)],
  ])('takes %s for "no such song"', async (_, answer) => {
    const { client } = mlc(() => answer);
    expect(await client.songs({ title: 'Example Song', writers: [ADA] }, anAsking())).toEqual({
      kind: 'not_found',
      fetchedAt: AT,
    });
  });

  test('fails with UNPARSEABLE on a song without writers, and does not read it as nobody', async () => {
    const { client } = mlc(() => anAnswer([wireSongOf('AB1234', { writers: undefined })]));
    expect(await client.songs({ title: 'Example Song', writers: [ADA] }, anAsking())).toMatchObject({
      failure: { code: 'UNPARSEABLE' },
    });
  });
});
