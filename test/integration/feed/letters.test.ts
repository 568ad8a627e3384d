import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LetterContent } from '#feed/letter-ports.ts';
import { letterGroups, letterItem } from '#feed/schemas/letter.ts';
import { letterDetail } from '#feed/schemas/letter-detail.ts';
import { timelineAnswer } from '#feed/schemas/timeline.ts';
import type { Timeline, TimelineEntry } from '#feed/timeline-ports.ts';
import { aFeed } from '#test/support/feed.ts';
import { aLog, serveAll } from '#test/support/read-model.ts';
import { AT, aRawTrack, aTrackEvent, trackId } from '#test/support/tracks.ts';
import type { PhaseName } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';

const content: LetterContent = {
  key: 'k',
  headers: { a: 'b' },
  value: { kind: 'undecodable', code: 'UNDECODABLE', message: 'no', bytes: 1, hex: '00' },
};

const timeline: Timeline = {
  trackId: trackId(1),
  name: null,
  artists: [],
  diagnosis: { verdict: 'complete', sentence: 'Complete.' },
  entries: [],
  calls: [],
  operations: [],
  runs: [],
  read: { partitions: 16, records: 12, milliseconds: 3, since: null, whole: true },
};

/** Ten records, the sixth of which is the letter of track 4. */
const long = Array.from({ length: 10 }, (_, n): TimelineEntry => {
  const event = { topic: 'tracks.publishing-checked', partition: 0, offset: n, kind: 'event', letter: null } as const;
  const letter = { topic: 'tracks.links.dlq', partition: 0, offset: 3, kind: 'letter', letter: null } as const;
  const nothing = { lane: null, phase: null, runId: null, status: null, code: null, attempts: null, message: null };
  return { ...(n === 5 ? letter : event), ...nothing, at: new Date(AT + n).toISOString(), id: String(n) };
});

let feed: Awaited<ReturnType<typeof aFeed>>;

beforeAll(async () => {
  feed = await aFeed({
    openLetter: async ({ topic }) => (topic === 'tracks.links.dlq' ? content : null),
    readTimeline: async (id) => {
      if (id === trackId(1)) return timeline;
      return id === trackId(4) ? { ...timeline, entries: long } : null;
    },
  });
  await serveAll(letters(), feed.model.ports);
});
afterAll(() => feed.close());

/** Eight letters: six of links for three causes, two of credits; the first track has its links by now. */
function letters() {
  const log = aLog();
  const put = (phase: PhaseName, n: number, code: string, message: string) => {
    const failedAt = new Date(AT + n * 60_000).toISOString();
    const headers = {
      'dl-id': `${TOPOLOGY[phase].group}:${TOPOLOGY[phase].from}:0:${n}`,
      'dl-origin-topic': TOPOLOGY[phase].from,
      'dl-origin-partition': '0',
      'dl-origin-offset': String(n),
      'dl-class': code === 'TIMEOUT' ? 'transient' : 'drift',
      'dl-error': code,
      'dl-error-message': message,
      'dl-forwarded': 'true',
      'dl-first-failed-at': failedAt,
      'dl-last-failed-at': failedAt,
      'run-id': n % 2 === 0 ? 'even' : 'odd',
      ce_subject: trackId(n),
    };
    log.append(TOPOLOGY[phase].dlq, 'x', { headers, at: AT + n * 60_000 });
  };
  for (const n of [1, 2, 3]) put('links', n, 'TIMEOUT', `no answer in ${n} s`);
  for (const n of [4, 5]) put('links', n, 'UNPARSEABLE', 'no such shape');
  put('links', 6, 'UNPARSEABLE', 'another shape');
  for (const n of [7, 8]) put('credits', n, 'TIMEOUT', `no answer in ${n} s`);
  const event = aTrackEvent({}, aRawTrack({ track: trackId(1) }));
  const links = { status: 'enriched' as const, at: AT + 3_600_000, code: null, attempts: 1, confirmedAt: null };
  log.append('tracks.linked', { ...event, reports: { ...event.reports, links } });
  return log;
}

type List = {
  readonly items: readonly { readonly trackId: string; readonly letterId: string }[];
  readonly next: string;
};

const get = async <Body>(path: string) => {
  const { status, body } = await feed.get(path);
  return { status, body: body as unknown as Body };
};

describe('GET /v1/dead-letters', () => {
  test.each([
    ['', [8, 7, 6, 5, 4, 3, 2, 1]],
    ['phase=credits', [8, 7]],
    ['code=TIMEOUT&phase=links', [3, 2, 1]],
    ['class=drift', [6, 5, 4]],
    ['run=even&class=transient', [8, 2]],
    [`track=${trackId(5)}`, [5]],
    [`since=${new Date(AT + 6 * 60_000).toISOString()}`, [8, 7, 6]],
    ['state=superseded', [1]],
    ['state=open&code=TIMEOUT', [8, 7, 3, 2]],
    ['fingerprint=none', []],
  ])('lists the last failed first, by %s', async (query, expected) => {
    const { body } = await get<List>(`/v1/dead-letters?${query}`);
    expect(body.items.map((item) => item.trackId)).toEqual(expected.map(trackId));
  });

  test('goes through all of them in pages, each once', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await get<List>(`/v1/dead-letters?limit=3${cursor}`);
      seen.push(...body.items.map((item) => item.trackId));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2, 1].map(trackId));
  });

  test.each(['phase=mastering', 'since=lately', 'state=lost', 'limit=0', 'cursor=x'])('refuses %s', async (query) => {
    expect(await get(`/v1/dead-letters?${query}`)).toMatchObject({
      status: 400,
      body: { error: { code: 'BAD_REQUEST', message: expect.stringContaining(query.split('=')[0] ?? '') } },
    });
  });

  test('counts by cause, the largest group first, with a sample', async () => {
    const { body } = await get<Record<string, unknown>>('/v1/dead-letters/groups');
    expect(letterGroups.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      groups: 4,
      letters: 8,
      items: [
        {
          phase: 'links',
          code: 'TIMEOUT',
          letters: 3,
          open: 2,
          tracks: 3,
          forwarded: 3,
          sample: { trackId: trackId(3) },
        },
        { letters: 2 },
        { letters: 2 },
        { phase: 'links', code: 'UNPARSEABLE', letters: 1, sample: { message: 'another shape' } },
      ],
    });
    const fingerprint = (body['items'] as { fingerprint: string }[])[0]?.fingerprint;
    const { body: list } = await get<List>(`/v1/dead-letters?fingerprint=${fingerprint}`);
    expect(list.items).toHaveLength(3);
    expect(await get('/v1/dead-letters/groups?limit=1&state=open')).toMatchObject({ body: { groups: 4, letters: 7 } });
    expect(await get('/v1/dead-letters/groups?code=none')).toMatchObject({
      body: { items: [], groups: 0, letters: 0 },
    });
  });

  test('every answer has the form that the API description gives it', async () => {
    const { body } = await get<List>('/v1/dead-letters');
    for (const item of body.items) expect(letterItem.strict().parse(item)).toEqual(item);
    const { body: track } = await get<{ letters: unknown[] }>(`/v1/tracks/${trackId(1)}`);
    expect(track.letters).toEqual([body.items.at(-1)]);
  });

  test('opens one letter, with its track around it; its record may be gone', async () => {
    const of = async (phase: PhaseName, n: number, query = '') =>
      (
        await get<object>(
          `/v1/dead-letters/${encodeURIComponent(`${TOPOLOGY[phase].group}:${TOPOLOGY[phase].from}:0:${n}`)}${query}`,
        )
      ).body;
    const letter = await of('links', 4);
    expect(letterDetail.strict().parse(letter)).toEqual(letter);
    expect(letter).toMatchObject({ trackId: trackId(4), state: 'open', content, around: long.slice(1) });
    expect(await of('links', 4, '?around=false')).toEqual({ ...letter, around: [] });
    expect(await of('credits', 7)).toMatchObject({ trackId: trackId(7), content: null, around: [] });
    expect(await get('/v1/dead-letters/nothing')).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND' } },
    });
  });
});

test('a timeline is read for a track by id or link, and there is none for one that nobody knows', async () => {
  for (const id of [trackId(1), encodeURIComponent(`spotify:track:${trackId(1)}`)]) {
    const { status, body } = await get(`/v1/tracks/${id}/timeline`);
    expect([status, timelineAnswer.strict().parse(body)]).toEqual([200, body]);
  }
  expect(await get(`/v1/tracks/${trackId(2)}/timeline`)).toMatchObject({ status: 404 });
  expect(await get('/v1/tracks/none/timeline')).toMatchObject({ status: 404 });
});

test('reading timelines is bounded for each address, and nothing else is', async () => {
  const asked = await Promise.all(Array.from({ length: 40 }, () => get(`/v1/tracks/${trackId(1)}/timeline`)));
  expect(asked.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
  expect((await get('/v1/dead-letters')).status).toBe(200);
});
