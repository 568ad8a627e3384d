import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OrderAnswer } from '#feed/letter-orders.ts';
import { aFeed } from '#test/support/feed.ts';
import { trackId } from '#test/support/tracks.ts';

let feed: Awaited<ReturnType<typeof aFeed>>;
let answer: OrderAnswer;
const asked: { what: string; order: unknown }[] = [];

beforeAll(async () => {
  const asking = (what: string) => async (order: unknown) => {
    asked.push({ what, order });
    return answer;
  };
  feed = await aFeed({
    letterOrders: { plan: asking('plan'), redrive: asking('redrive'), resolve: asking('resolve') },
  });
});
beforeEach(() => {
  asked.length = 0;
  answer = { kind: 'done', body: { letters: 3 } };
});
afterAll(() => feed.close());

const post = (path: string, body: object) =>
  feed.get(`/v1/dead-letters/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('a redrive is ordered with the selection of the lists, or planned', async () => {
  const selection = { phase: 'credits', track: trackId(1) };
  expect(await post('redrive', { selection, rate: 5, by: 'ada' })).toEqual({ status: 200, body: { letters: 3 } });
  expect(await post('redrive', { selection: {}, all: true, dryRun: true })).toMatchObject({ status: 200 });
  expect(asked).toMatchObject([
    {
      what: 'redrive',
      order: { selection: { ...selection, code: null }, rate: 5, max: null, by: 'ada', reason: null },
    },
    { what: 'plan', order: { selection: { phase: null }, rate: 100, by: 'http' } },
  ]);
});

test('what takes longer goes on behind the answer, and what cannot be done now is refused with what to do', async () => {
  answer = { kind: 'going_on' };
  expect(await post('redrive', { all: true })).toMatchObject({ status: 202 });
  answer = { kind: 'refused', message: 'Another redrive is running.' };
  expect(await post('resolve', { all: true, reason: 'x' })).toMatchObject({
    status: 409,
    body: { error: { code: 'CONFLICT', message: 'Another redrive is running.' } },
  });
});

test.each([
  ['redrive', {}],
  ['redrive', { all: true, selection: { phase: 'credits' } }],
  ['redrive', { selection: { phaze: 'credits' } }],
  ['redrive', { selection: { phase: 'mastering' } }],
  ['redrive', { all: true, rate: 0 }],
  ['resolve', { all: true }],
])('%s refuses %j and does nothing', async (path, body) => {
  expect(await post(path, body)).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } });
  expect(asked).toEqual([]);
});
