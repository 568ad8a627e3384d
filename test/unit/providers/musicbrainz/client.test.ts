import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '#providers/http.ts';
import { musicbrainzClient } from '#providers/musicbrainz/client.ts';
import { aProviderWorld, type Scripted } from '#test/support/provider-world.ts';
import { anAsking } from '#test/support/providers.ts';
import { AT } from '#test/support/tracks.ts';

const CONFIG = {
  url: 'https://musicbrainz.test',
  contact: 'ops@linernotes.example',
  version: '1.2.3',
  lingerMs: { live: 1, replay: 1 },
};

const DATE = '2026-01-02T00:00:00.000Z';

const urlOf = (request: HttpRequest): URL => new URL(request.url);
const queryOf = (request: HttpRequest): string => urlOf(request).searchParams.get('query') ?? '';

/** A client whose service answers by path; anything else is an empty page. */
function aClient(answer: (url: URL) => Scripted) {
  const world = aProviderWorld('musicbrainz', (request) => answer(urlOf(request)));
  return { ...world, client: musicbrainzClient(CONFIG, world.ports) };
}

const page = (list: string, documents: readonly unknown[], count = documents.length, offset = 0): Scripted => ({
  json: { created: DATE, count, offset, [list]: documents },
});

const aRecording = (id: string, isrcs: readonly string[], more: object = {}) => ({
  id,
  title: `Title of ${id}`,
  length: 180_000,
  score: 100,
  isrcs,
  'artist-credit': [{ name: 'Ann', artist: { id: 'artist-ann', name: 'Ann Bee' } }],
  releases: [{ id: 'r' }],
  ...more,
});

const isrc = (n: number): string => `USTST26${String(n).padStart(5, '0')}`;

describe('recordings by ISRC', () => {
  it('are asked for in one search, with the contact in the User-Agent', async () => {
    const { client, requests } = aClient(() =>
      page('recordings', [aRecording('one', [isrc(1)]), aRecording('two', [isrc(2)])]),
    );
    const answers = await Promise.all([1, 2, 3, 1].map((n) => client.recordingsByIsrc(isrc(n), anAsking())));
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers['user-agent']).toBe('linernotes/1.2.3 ( ops@linernotes.example )');
    expect(queryOf(requests[0] as HttpRequest)).toBe(`isrc:(${isrc(1)} OR ${isrc(2)} OR ${isrc(3)})`);
    expect(urlOf(requests[0] as HttpRequest).searchParams.get('fmt')).toBe('json');
    expect(answers[0]).toEqual({
      kind: 'found',
      fetchedAt: AT,
      facts: [{ id: 'one', title: 'Title of one', lengthMs: 180_000, artists: [{ id: 'artist-ann', name: 'Ann' }] }],
    });
    expect(answers.map(({ kind }) => kind)).toEqual(['found', 'found', 'not_found', 'found']);
  });

  it('take several recordings of one ISRC, and one recording of several ISRCs', async () => {
    const both = aRecording('both', [isrc(1), isrc(2)]);
    const { client } = aClient(() => page('recordings', [both, aRecording('other', [isrc(1)])]));
    const answers = await Promise.all([1, 2].map((n) => client.recordingsByIsrc(isrc(n), anAsking())));
    const ids = answers.map((answer) => (answer.kind === 'found' ? answer.facts.map(({ id }) => id) : null));
    expect(ids).toEqual([['both', 'other'], ['both']]);
  });

  it('are read to the last page', async () => {
    const first = Array.from({ length: 100 }, (_, n) => aRecording(`page-1-${n}`, [isrc(1)]));
    const { client, requests } = aClient((url) =>
      url.searchParams.get('offset') === '0'
        ? page('recordings', first, 101)
        : page('recordings', [aRecording('last', [isrc(2)])], 101, 100),
    );
    const answers = await Promise.all([1, 2].map((n) => client.recordingsByIsrc(isrc(n), anAsking())));
    expect(requests.map((request) => urlOf(request).searchParams.get('offset'))).toEqual(['0', '100']);
    expect(answers.map((answer) => (answer.kind === 'found' ? answer.facts.length : null))).toEqual([100, 1]);
  });

  it('go out a hundred a search', async () => {
    const { client, requests } = aClient(() => page('recordings', []));
    await Promise.all(Array.from({ length: 101 }, (_, n) => client.recordingsByIsrc(isrc(n), anAsking())));
    expect(requests.map((request) => queryOf(request).split(' OR ').length)).toEqual([100, 1]);
    expect(Math.max(...requests.map(({ url }) => url.length))).toBeLessThan(8_000);
  });

  it('are not asked for again while the answer is fresh, found or not', async () => {
    const { client, requests } = aClient(() => page('recordings', [aRecording('one', [isrc(1)])]));
    await Promise.all([1, 2].map((n) => client.recordingsByIsrc(isrc(n), anAsking())));
    const again = await Promise.all([1, 2].map((n) => client.recordingsByIsrc(isrc(n), anAsking())));
    expect(requests).toHaveLength(1);
    expect(again.map(({ kind }) => kind)).toEqual(['found', 'not_found']);
  });

  it('of an answer that no longer says its ISRCs are drift, never "not found"', async () => {
    const { isrcs: _, ...renamed } = aRecording('one', []);
    const { client } = aClient(() => page('recordings', [renamed]));
    const answer = await client.recordingsByIsrc(isrc(1), anAsking());
    expect(answer.kind === 'failed' ? answer.failure.code : answer).toBe('UNPARSEABLE');
  });

  it('of a page without the list are drift for all keys', async () => {
    const { client } = aClient(() => ({ json: { count: 0, offset: 0 } }));
    const answer = await client.recordingsByIsrc(isrc(1), anAsking());
    expect(answer.kind === 'failed' ? answer.failure.code : answer).toBe('UNPARSEABLE');
  });

  it('of a refused query are asked for in halves, so that one bad key harms itself alone', async () => {
    const { client } = aClient((url) =>
      url.searchParams.get('query')?.includes('BAD')
        ? { status: 400, json: { error: 'Unable to parse search query.' } }
        : page('recordings', [aRecording('one', [isrc(1)])]),
    );
    const answers = await Promise.all([isrc(1), 'BAD', isrc(2)].map((key) => client.recordingsByIsrc(key, anAsking())));
    expect(answers.map((answer) => (answer.kind === 'failed' ? answer.failure.code : answer.kind))).toEqual([
      'found',
      'BAD_REQUEST',
      'not_found',
    ]);
  });
});

const aWork = (id: string, recordings: readonly string[]) => ({
  id,
  title: `Work ${id}`,
  iswcs: ['T-123.456.789-0'],
  relations: [
    ...recordings.map((recording) => ({ type: 'performance', recording: { id: recording, title: 't' } })),
    { type: 'composer', direction: 'backward', artist: { id: 'artist-ann', name: 'Ann Bee' } },
  ],
});

describe('works by recording', () => {
  it('come with their writers, each under the recordings that it lists', async () => {
    const { client, requests } = aClient(() =>
      page('works', [aWork('w1', ['rec-1', 'rec-2']), aWork('w2', ['rec-2'])]),
    );
    const answers = await Promise.all(['rec-1', 'rec-2'].map((id) => client.worksByRecording(id, anAsking())));
    expect(queryOf(requests[0] as HttpRequest)).toBe('rid:(rec-1 OR rec-2)');
    expect(answers[0]).toEqual({
      kind: 'found',
      fetchedAt: AT,
      facts: [
        {
          id: 'w1',
          title: 'Work w1',
          iswcs: ['T-123.456.789-0'],
          writers: [{ id: 'artist-ann', name: 'Ann Bee', role: 'composer' }],
        },
      ],
    });
    expect(answers[1]?.kind === 'found' && answers[1].facts.map(({ id }) => id)).toEqual(['w1', 'w2']);
  });

  it('that do not list the recording they were found by are told apart by asking for each alone', async () => {
    const { client, requests } = aClient((url) =>
      url.searchParams.get('query')?.includes('rec-1') ? page('works', [aWork('w1', [])]) : page('works', []),
    );
    const answers = await Promise.all(['rec-1', 'rec-2'].map((id) => client.worksByRecording(id, anAsking())));
    expect(requests.map(queryOf)).toEqual(['rid:(rec-1 OR rec-2)', 'rid:(rec-1)', 'rid:(rec-2)']);
    expect(answers.map(({ kind }) => kind)).toEqual(['found', 'not_found']);
  });
});

describe('artists', () => {
  const artists = [
    { id: 'a1', name: 'John Smith', ipis: ['00045620792'], aliases: [{ name: 'J. Smith' }] },
    { id: 'a2', name: 'John Smith Band' },
    { id: 'a3', name: 'JOHN SMITH' },
  ];

  it('by name are those of the same name or alias; what the fuzzy search adds answers nobody', async () => {
    const { client, requests } = aClient(() => page('artists', artists));
    const answers = await Promise.all(['john smith', 'j. smith'].map((key) => client.artistsByName(key, anAsking())));
    expect(queryOf(requests[0] as HttpRequest)).toBe('artist:("john smith" OR "j. smith")');
    const ids = answers.map((answer) => (answer.kind === 'found' ? answer.facts.map(({ id }) => id) : null));
    expect(ids).toEqual([['a1', 'a3'], ['a1']]);
  });

  it('by IPI are exact, whatever zeros lead', async () => {
    const { client } = aClient(() => page('artists', [{ id: 'a1', name: 'John', ipis: ['45620792'] }]));
    const answer = await client.artistsByIpi('00045620792', anAsking());
    expect(answer.kind === 'found' && answer.facts.map(({ id }) => id)).toEqual(['a1']);
  });

  it('by names too long for one URL go out in halves', async () => {
    const { client, requests } = aClient(() => page('artists', []));
    const names = Array.from({ length: 20 }, (_, n) => `${'漢'.repeat(60)}${n}`);
    await Promise.all(names.map((name) => client.artistsByName(name, anAsking())));
    expect(Math.max(...requests.map(({ url }) => url.length))).toBeLessThan(8_000);
  });
});

describe('links by artist', () => {
  const relation = (type: string, artist: string, ended = false) => ({
    type,
    ended,
    direction: 'backward',
    artist: { id: artist, name: artist },
  });
  const entities: Record<string, object> = {
    'https://a.example/home': { relations: [relation('official homepage', 'artist-a')] },
    'https://a.example/old': { relations: [relation('social network', 'artist-a', true)] },
    'https://both.example': { relations: [relation('social network', 'artist-a'), relation('youtube', 'artist-b')] },
  };

  function aLinksClient(known = entities) {
    return aClient((url) => {
      const resources = url.searchParams.getAll('resource');
      if (resources.length === 0) {
        return page(
          'urls',
          Object.keys(entities).map((resource) => ({ id: resource, resource, score: 100, 'relation-list': [] })),
        );
      }
      const urls = resources
        .filter((resource) => known[resource])
        .map((resource) => ({ resource, ...known[resource] }));
      if (resources.length > 1) return { json: { 'url-count': urls.length, 'url-offset': 0, urls } };
      return urls[0] === undefined ? { status: 404, json: { error: 'Not Found' } } : { json: urls[0] };
    });
  }

  it('are found by the search and confirmed by the lookup: ended ones are dropped', async () => {
    const { client, requests } = aLinksClient();
    const answers = await Promise.all(
      ['artist-a', 'artist-b', 'artist-c'].map((id) => client.linksByArtist(id, anAsking())),
    );
    expect(queryOf(requests[0] as HttpRequest)).toBe(
      'targettype:artist AND targetid:(artist-a OR artist-b OR artist-c)',
    );
    expect(requests).toHaveLength(2);
    expect(answers.map((answer) => (answer.kind === 'found' ? answer.facts : answer.kind))).toEqual([
      [
        { type: 'official homepage', url: 'https://a.example/home' },
        { type: 'social network', url: 'https://both.example' },
      ],
      [{ type: 'youtube', url: 'https://both.example' }],
      'not_found',
    ]);
  });

  it('that the lookup does not know any more are not believed', async () => {
    const { client } = aLinksClient({});
    expect((await client.linksByArtist('artist-a', anAsking())).kind).toBe('not_found');
  });

  it('of a lookup that lost its `ended` flags are drift', async () => {
    const { client } = aLinksClient({ 'https://both.example': { relations: [{ type: 'youtube' }] } });
    const answer = await client.linksByArtist('artist-a', anAsking());
    expect(answer.kind === 'failed' ? answer.failure.code : answer).toBe('UNPARSEABLE');
  });

  it('are confirmed a hundred at once, in URLs below 8 KB', async () => {
    const many = Array.from({ length: 230 }, (_, n) => `https://example.com/${'p'.repeat(40)}/${n}`);
    const { client, requests } = aClient((url) => {
      const resources = url.searchParams.getAll('resource');
      if (resources.length > 0)
        return {
          json: { urls: resources.map((resource) => ({ resource, relations: [relation('youtube', 'artist-a')] })) },
        };
      const offset = Number(url.searchParams.get('offset'));
      return page(
        'urls',
        many.slice(offset, offset + 100).map((resource) => ({ resource })),
        many.length,
        offset,
      );
    });
    const answer = await client.linksByArtist('artist-a', anAsking());
    expect(answer.kind === 'found' && answer.facts.length).toBe(230);
    const lookups = requests
      .map((request) => urlOf(request).searchParams.getAll('resource').length)
      .filter((n) => n > 0);
    expect(Math.max(...lookups)).toBeLessThanOrEqual(100);
    expect(Math.max(...requests.map(({ url }) => url.length))).toBeLessThan(8_000);
  });
});
