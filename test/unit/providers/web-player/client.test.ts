import { describe, expect, test } from 'vitest';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { memoryLedger } from '#adapters/memory/ledger.ts';
import type { Answer } from '#providers/answer.ts';
import { webPlayerClient } from '#providers/web-player/client.ts';
import type { PageVisit } from '#providers/web-player/page.ts';
import { failure } from '#stream/failure.ts';
import { anAsking, noHttp } from '#test/support/providers.ts';
import { AT, trackId } from '#test/support/tracks.ts';
import {
  aDomReading,
  anAnswerOf,
  aVisit,
  COMPOSER,
  creditsJson,
  fakeReader,
  trackJson,
} from '#test/support/web-player.ts';

const DAY = 86_400_000;
const ID = trackId();

/** A client over a browser of one function, on a clock that the test moves. */
function aClient(visit: (credits: boolean) => PageVisit) {
  let now = AT;
  const { reader, pages } = fakeReader(({ credits }) => visit(credits));
  const governor = memoryGovernor({ 'web-player': { perSecond: 10_000, burst: 1_000 } }, () => now);
  const unread: string[] = [];
  const keep = (id: string, fixture: string) => unread.push(`${id} ${Object.keys(JSON.parse(fixture))}`);
  const ports = { http: noHttp, ledger: memoryLedger(), governor, now: () => now, reader, unread: keep };
  return {
    client: webPlayerClient({ webUrl: 'https://player.example.org' }, ports),
    pages,
    unread,
    governor,
    asking: (over = {}) => anAsking({ now, ...over }),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const told = (answer: Answer<unknown>) => (answer.kind === 'failed' ? answer.failure.code : answer.kind);
const nobody = aVisit({ answers: [anAnswerOf('getTrack', trackJson()), anAnswerOf('credits', creditsJson([]))] });
const albumOfItems = (items: readonly unknown[]) =>
  anAnswerOf('getAlbum', { data: { albumUnion: { tracksV2: { items } } } }, { uri: 'spotify:album:x' });
const albumOf = (ids: readonly string[]) =>
  albumOfItems(ids.map((id, at) => ({ track: { uri: `spotify:track:${id}`, playcount: String(1_000 + at) } })));
const getTrack = anAnswerOf('getTrack', trackJson());

describe('the client of the web player', () => {
  test('one visit answers for credits and count, and the ledger for the next who ask', async () => {
    const { client, pages, asking } = aClient(() => aVisit());
    const credits = await client.credits(ID, asking());
    expect(credits).toMatchObject({ kind: 'found', fetchedAt: AT, facts: { source: { names: ['Example Records'] } } });
    expect(await client.streams(ID, asking())).toEqual({
      kind: 'found',
      facts: { playCount: 5_012_345_678 },
      fetchedAt: AT,
    });
    expect(await client.credits(ID, asking())).toEqual(credits);
    expect(pages).toEqual([{ url: `https://player.example.org/track/${ID}`, credits: true }]);
  });

  test('many who ask at once cost one visit', async () => {
    const { client, pages, asking } = aClient(() => aVisit());
    await Promise.all([client.credits(ID, asking()), client.credits(ID, asking()), client.credits(ID, asking())]);
    expect(pages.length).toBe(1);
  });

  test('a page tells the counts of its whole album, so that the neighbours of a track cost no page', async () => {
    const neighbours = Array.from({ length: 9 }, (_, at) => trackId(at + 2));
    const { client, pages, asking, pass } = aClient(() => aVisit({ answers: [getTrack, albumOf(neighbours)] }));
    await client.streams(ID, asking());
    const counts = await Promise.all(neighbours.map((id) => client.streams(id, asking())));
    expect(counts).toEqual(
      neighbours.map((_, at) => ({ kind: 'found', facts: { playCount: 1_000 + at }, fetchedAt: AT })),
    );
    expect(pages.length).toBe(1);
    pass(DAY + 1);
    await client.streams(neighbours[0] ?? '', asking());
    expect(pages.length).toBe(2);
  });

  test('a page that nobody can read is given on as it was seen, others are not', async () => {
    const { client, unread, asking } = aClient((credits) => (credits ? aVisit({ answers: [getTrack] }) : aVisit()));
    expect(told(await client.credits(ID, asking()))).toBe('UNPARSEABLE');
    expect(unread).toEqual([`${ID} status,answers,dom,trouble`]);
    const well = aClient(() => aVisit());
    await well.client.credits(ID, asking());
    expect(well.unread).toEqual([]);
  });

  test('an album keeps the counts of its other tracks when the credits of the page do not read', async () => {
    const neighbour = trackId(2);
    const { client, pages, asking } = aClient(() => aVisit({ answers: [getTrack, albumOf([neighbour])] }));
    expect(told(await client.credits(ID, asking()))).toBe('UNPARSEABLE');
    expect(await client.streams(neighbour, asking())).toMatchObject({ facts: { playCount: 1_000 } });
    expect(pages.length).toBe(1);
  });

  test("an album's word on the page's own track, on a track without a count or on no track changes nothing", async () => {
    const items = [
      { track: { uri: `spotify:track:${ID}`, playcount: '1' } },
      { track: { uri: `spotify:track:${trackId(2)}` } },
      { track: { uri: 'spotify:local:x', playcount: '3' } },
      { track: { uri: `spotify:track:${trackId(3)}`, playcount: 'many' } },
    ];
    const { client, pages, asking } = aClient(() => aVisit({ answers: [getTrack, albumOfItems(items)] }));
    expect(await client.streams(ID, asking())).toMatchObject({ facts: { playCount: 5_012_345_678 } });
    await client.streams(trackId(2), asking());
    await client.streams(trackId(3), asking());
    expect(pages.length).toBe(3);
  });

  test('a count that is a day old costs a page without its dialog', async () => {
    const { client, pages, asking, pass } = aClient(() => aVisit());
    await client.credits(ID, asking());
    pass(DAY + 1);
    await client.streams(ID, asking());
    expect(pages.map(({ credits }) => credits)).toEqual([true, false]);
  });

  test('a page that credits nobody is looked at again after a day, one that does after 90', async () => {
    const empty = aClient(() => nobody);
    const full = aClient(() => aVisit());
    for (const { client, asking, pass } of [empty, full]) {
      await client.credits(ID, asking());
      pass(DAY + 1);
      await client.credits(ID, asking());
    }
    expect([empty.pages.length, full.pages.length]).toEqual([2, 1]);
    full.pass(90 * DAY);
    await full.client.credits(ID, full.asking());
    expect(full.pages.length).toBe(2);
  });

  test('a forced question reads the page again', async () => {
    const { client, pages, asking, pass } = aClient(() => aVisit());
    await client.credits(ID, asking());
    pass(1_000);
    await client.credits(ID, asking({ notBefore: AT + 500 }));
    expect(pages.length).toBe(2);
  });

  test.each<[string, PageVisit, string]>([
    ['404', aVisit({ status: 404, answers: [], dom: null }), 'not_found'],
    [
      'a track that its JSON does not know',
      aVisit({ answers: [anAnswerOf('getTrack', { data: { trackUnion: null } })] }),
      'not_found',
    ],
    ['"page not found"', aVisit({ answers: [], dom: aDomReading({ state: 'missing' }) }), 'not_found'],
    [
      'a blank track that is restricted',
      aVisit({
        answers: [anAnswerOf('getTrack', trackJson({ name: '', playability: { reason: 'COUNTRY_RESTRICTED' } }))],
      }),
      'restricted',
    ],
    [
      'a blank track of "Various Artists", in the markup alone',
      aVisit({ answers: [], dom: aDomReading({ title: '', artists: ['Various Artists'] }) }),
      'restricted',
    ],
    [
      'a query that was refused',
      aVisit({ answers: [getTrack, anAnswerOf('credits', null, { status: 500 })] }),
      'PROVIDER_ERROR',
    ],
    [
      'a query that was cut',
      aVisit({ answers: [getTrack, anAnswerOf('credits', null, { status: null, error: 'net::ERR' })] }),
      'CONNECTION',
    ],
    [
      'a query that was not answered',
      aVisit({ answers: [getTrack, anAnswerOf('credits', null, { status: null })] }),
      'TIMEOUT',
    ],
    ['a query that is nobody’s', aVisit({ answers: [getTrack, anAnswerOf('credits', { data: {} })] }), 'UNPARSEABLE'],
    ['a tab that crashed', aVisit({ answers: [], dom: null, trouble: failure('BROWSER', 'crashed') }), 'BROWSER'],
    [
      'a page that could not be reached',
      aVisit({ status: null, answers: [], dom: null, trouble: failure('PROVIDER_DOWN', 'x') }),
      'PROVIDER_DOWN',
    ],
    ['400', aVisit({ status: 400, answers: [], dom: null }), 'BAD_REQUEST'],
  ])('%s is told as such', async (_, visit, code) => {
    const { client, asking } = aClient(() => visit);
    expect(told(await client.credits(ID, asking()))).toBe(code);
  });

  test('what was read before the tab crashed counts', async () => {
    const { client, asking } = aClient(() => aVisit({ dom: null, trouble: failure('BROWSER', 'crashed') }));
    expect(told(await client.credits(ID, asking()))).toBe('found');
  });

  test('a count stays read when the credits are not understood, and those are not remembered', async () => {
    const { client, pages, asking } = aClient(() =>
      aVisit({ answers: [getTrack, anAnswerOf('credits', { data: {} })] }),
    );
    expect(told(await client.credits(ID, asking()))).toBe('UNPARSEABLE');
    expect(await client.streams(ID, asking())).toMatchObject({ kind: 'found', facts: { playCount: 5_012_345_678 } });
    expect(pages.length).toBe(1);
    await client.credits(ID, asking());
    expect(pages.length).toBe(2);
  });

  test.each<[string, PageVisit, number]>([
    ['429 with a moment', aVisit({ status: 429, retryAfter: '30', answers: [], dom: null }), 30_000],
    ['429 without', aVisit({ status: 429, answers: [], dom: null }), 60_000],
    ['403', aVisit({ status: 403, answers: [], dom: null }), 60_000],
    ['a captcha', aVisit({ answers: [], dom: aDomReading({ state: 'wall' }) }), 60_000],
    [
      'a query answered with 429',
      aVisit({
        answers: [anAnswerOf('getTrack', null, { status: 429, retryAfter: '5' })],
        dom: aDomReading({ state: 'nothing', title: null, playCount: null }),
      }),
      5_000,
    ],
  ])('%s keeps all workers away until then', async (_, visit, ms) => {
    const { client, pages, governor, asking } = aClient(() => visit);
    expect(told(await client.credits(ID, asking()))).toBe('RATE_LIMITED');
    expect((await governor.paused('web-player'))?.until).toBe(AT + ms);
    const turnedAway = await client.credits(trackId(2), asking());
    expect(turnedAway).toMatchObject({ kind: 'failed', failure: { code: 'RATE_LIMITED', retryAfterMs: ms } });
    expect(pages.length).toBe(1);
    expect((await governor.paused('web-player'))?.until).toBe(AT + ms);
  });

  test('a page without count is an answer', async () => {
    const answers = [
      anAnswerOf('getTrack', trackJson({ playcount: undefined })),
      anAnswerOf('credits', creditsJson([COMPOSER])),
    ];
    const { client, asking } = aClient(() => aVisit({ answers, dom: aDomReading({ playCount: null }) }));
    expect(await client.streams(ID, asking())).toMatchObject({ kind: 'found', facts: { playCount: null } });
  });
});
