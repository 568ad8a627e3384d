import { describe, expect, test } from 'vitest';
import { publishingStage } from '#phases/publishing/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import type { HttpAnswer, HttpRequest } from '#providers/http.ts';
import { mlcClient } from '#providers/mlc/client.ts';
import type { Failure, FailureCode } from '#stream/failure.ts';
import { failure } from '#stream/failure.ts';
import { aContext, aMessage } from '#test/support/messages.ts';
import { wireSongOf, wireWorkOf } from '#test/support/mlc.ts';
import { anAnswer, aStatus, fakeHttp, providerPorts } from '#test/support/providers.ts';
import { aPart, aTrackEvent } from '#test/support/tracks.ts';
import { NO_SECTIONS } from '#track/sections/sections.ts';

/** The MLC by route, on the wire. What a test does not script is not there. */
type Service = {
  readonly recordings?: HttpAnswer | Failure;
  readonly songs?: HttpAnswer | Failure;
  readonly works?: readonly ReturnType<typeof wireWorkOf>[] | HttpAnswer | Failure;
};

const ISRC = 'USUM71900764';
const LOGIN = anAnswer({ accessToken: 'a', idToken: 'i', tokenType: 'Bearer', expiresIn: '3600' });

const worksAsked = ({ body }: HttpRequest): readonly string[] =>
  JSON.parse(body ?? '[]').map(({ mlcsongCode }: { mlcsongCode: string }) => mlcsongCode);

function respond(service: Service, request: HttpRequest): HttpAnswer | Failure {
  const path = new URL(request.url).pathname;
  if (path === '/oauth/token') return LOGIN;
  if (path === '/search/recordings') return service.recordings ?? anAnswer([]);
  if (path === '/search/songcode') return service.songs ?? anAnswer([]);
  const works = service.works ?? [];
  if (!Array.isArray(works)) return works as HttpAnswer | Failure;
  return anAnswer(works.filter(({ mlcSongCode }) => worksAsked(request).includes(mlcSongCode)));
}

async function published(service: Service, names: readonly string[], isrc: string | null = ISRC) {
  const network = fakeHttp((request) => respond(service, request));
  const config = { apiUrl: 'https://mlc.example.org', username: 'u', password: 'p', lingerMs: { live: 0, replay: 0 } };
  const stage = publishingStage(mlcClient(config, providerPorts(network.http)), PACE);
  const contributors = names.map((name) => ({
    name,
    artistUri: null,
    roles: [{ given: 'Writer', group: null, role: 'writer' as const }],
  }));
  const credits = { ...NO_SECTIONS.credits, people: aPart({ contributors, reading: 'json' as const }) };
  const message = aMessage(aTrackEvent({ sections: { ...NO_SECTIONS, credits } }, { isrc, name: 'Example Song' }));
  const [outcome] = await stage.handle([message], aContext());
  if (outcome === undefined) throw new Error('no outcome');
  const event = 'event' in outcome ? outcome.event : null;
  const { work, status } = event?.sections.publishing ?? NO_SECTIONS.publishing;
  return { outcome, paths: network.paths, report: event?.reports.publishing, work: work?.value, status: status?.value };
}

const matchedTo = (...codes: readonly string[]) =>
  anAnswer(codes.map((mlcsongCode, at) => ({ id: String(at), isrc: ISRC, title: 'Example Song', mlcsongCode })));
const writer = (writerFirstName: string, writerLastName: string, writerIPI = '') => ({
  writerId: '1',
  writerFirstName,
  writerLastName,
  writerIPI,
  writerRoleCode: 'CA',
});
const publisher = (publisherName: string, collectionShare: number, over: object = {}) => ({
  publisherName,
  publisherIpiNumber: '',
  publisherRoleCode: 'E',
  collectionShare,
  administrators: [],
  parentPublishers: [],
  ...over,
});

describe("the acceptance tests of The MLC's users", () => {
  test('A: a major-label work has publishers, ISWC and IPI', async () => {
    const parents = [publisher('Group', 0, { publisherIpiNumber: '00000055500' })];
    const publishers = [
      publisher('Big Songs', 50, { publisherIpiNumber: '00000111000', parentPublishers: parents }),
      publisher('Big Tunes', 50, { publisherIpiNumber: '00000222000', parentPublishers: parents }),
    ];
    const { work, status } = await published(
      { recordings: matchedTo('AB1234'), works: [wireWorkOf('AB1234', { publishers })] },
      ['Ada Example'],
    );
    expect([work, status]).toMatchObject([
      {
        iswc: 'T-123.456.789-4',
        writers: [{ name: 'ADA EXAMPLE', ipi: '00123456789' }],
        publishers: [
          { name: 'Big Songs', ipi: '00000111000', share: 50, parents: [{ name: 'Group' }] },
          { name: 'Big Tunes', ipi: '00000222000', share: 50 },
        ],
      },
      { status: 'signed' },
    ]);
  });

  test('B: an indie work is unsigned, without IPI and ISWC', async () => {
    const works = [wireWorkOf('AB1234', { iswc: '', writers: [writer('ADA', 'EXAMPLE')], publishers: [] })];
    const { work, status } = await published({ recordings: matchedTo('AB1234'), works }, ['Ada Example']);
    expect([work, status]).toMatchObject([
      { iswc: null, writers: [{ ipi: null }], publishers: [] },
      { status: 'unsigned', writers: [{ name: 'ADA EXAMPLE', ipi: null, status: 'unsigned' }] },
    ]);
  });

  test('C: without an ISRC the writers and the title find the work', async () => {
    const service = { songs: anAnswer([wireSongOf('AB1234')]), works: [wireWorkOf('AB1234')] };
    const { work, status, paths } = await published(service, ['Ada Example'], null);
    expect([work, status]).toMatchObject([{ songCode: 'AB1234' }, { status: 'signed', partial: true }]);
    expect(paths()).toEqual(['POST /oauth/token', 'POST /search/songcode', 'POST /works']);
  });

  test('D: a work of several writers with more than one publisher is split', async () => {
    const writers = [writer('ADA', 'EXAMPLE'), writer('BO', 'SAMPLE'), writer('CY', 'THIRD')];
    const publishers = [publisher('Big Songs', 40), publisher('Other Songs', 30), publisher('Third Songs', 30)];
    const { work, status } = await published(
      { recordings: matchedTo('AB1234'), works: [wireWorkOf('AB1234', { writers, publishers })] },
      ['Ada Example', 'Bo Sample', 'Cy Third'],
    );
    expect([work?.publishers.length, work?.writers.length, status?.status, status?.partial]).toEqual([
      3,
      3,
      'split',
      false,
    ]);
  });

  test('404 is "no such thing": asked by both ways, the track is unregistered', async () => {
    const { report, status, work } = await published({ recordings: aStatus(404), songs: aStatus(404) }, [
      'Ada Example',
    ]);
    expect([report, status, work]).toMatchObject([{ status: 'not_found' }, { status: 'unregistered' }, undefined]);
  });

  const trouble: readonly (readonly [string, HttpAnswer | Failure, FailureCode])[] = [
    ['401', aStatus(401), 'UNAUTHORIZED'],
    ['403', aStatus(403), 'UNAUTHORIZED'],
    ['429', aStatus(429, { 'retry-after': '7' }), 'RATE_LIMITED'],
    ['a spent quota', anAnswer({ error: 'QUOTA_EXCEEDED' }, { status: 429 }), 'QUOTA_SPENT'],
    ['500', aStatus(500), 'PROVIDER_ERROR'],
    ['502', aStatus(502), 'PROVIDER_ERROR'],
    ['503', aStatus(503), 'PROVIDER_DOWN'],
    ['a timeout', failure('TIMEOUT', 'no answer'), 'TIMEOUT'],
  ];
  const there = { recordings: matchedTo('AB1234'), works: [wireWorkOf('AB1234')] };
  const routes = [
    ['recordings', there],
    ['works', there],
    ['songs', {}],
  ] as const;

  test.each(routes.flatMap(([route, service]) => trouble.map((one) => [route, ...one, service] as const)))(
    'row: call failed, unauthorised, quota → no status: %s answered with %s is tried again with %s',
    async (route, _, answer, code, service) => {
      const { outcome } = await published({ ...service, [route]: answer }, ['Ada Example']);
      expect(outcome).toMatchObject({ kind: 'retry', failure: { code } });
    },
  );

  test('a 401 costs one new token and one more try', async () => {
    const { paths } = await published({ recordings: aStatus(401) }, ['Ada Example']);
    expect(paths()).toEqual([
      'POST /oauth/token',
      'POST /search/recordings',
      'POST /oauth/token',
      'POST /search/recordings',
    ]);
  });

  test('many works: the one with the title and the writers is taken, the rest are kept', async () => {
    const works = [
      wireWorkOf('AA0001', { writers: [writer('SOMEBODY', 'ELSE')] }),
      wireWorkOf('AA0002', { primaryTitle: 'OTHER SONG' }),
      wireWorkOf('AA0003'),
    ];
    const { work, paths } = await published({ recordings: matchedTo('AA0001', 'AA0002', 'AA0003'), works }, [
      'Ada Example',
    ]);
    expect([work?.songCode, work?.otherSongCodes]).toEqual(['AA0003', ['AA0002', 'AA0001']]);
    expect(paths().filter((path) => path === 'POST /works').length).toBe(1);
  });

  test('name mismatch: a work of strangers is ambiguous, never somebody else’s publisher as a fact', async () => {
    const works = [wireWorkOf('AB1234', { writers: [writer('SOMEBODY', 'ELSE')] })];
    const { status } = await published({ recordings: matchedTo('AB1234'), works }, ['Ada Example']);
    expect(status).toMatchObject({ status: 'ambiguous', writers: [{ name: 'SOMEBODY ELSE', status: 'ambiguous' }] });
  });

  test('regression: MLC common title: the first row of a title search is not believed for being the first', async () => {
    const songs = anAnswer([wireSongOf('AA0001', { writers: [writer('SOMEBODY', 'ELSE')] }), wireSongOf('AB1234')]);
    const { work, paths } = await published({ songs, works: [wireWorkOf('AB1234')] }, ['Ada Example']);
    expect([work?.songCode, paths().length]).toEqual(['AB1234', 4]);
  });
});
