import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationAt } from '#app/operations/append.ts';
import { operationItem } from '#feed/schemas/operation.ts';
import { aFeed } from '#test/support/feed.ts';
import { aLog, serveAll } from '#test/support/read-model.ts';
import { AT } from '#test/support/tracks.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

let feed: Awaited<ReturnType<typeof aFeed>>;

beforeAll(async () => {
  feed = await aFeed();
  const log = aLog();
  for (const [n, kind] of (['resume', 'cancel', 'resume'] as const).entries())
    log.append(OPERATIONS_TOPIC, operationAt({ id: `op-${n}`, kind, by: 'ada', target: `stage-${n}` }, AT + n * 1000));
  await serveAll(log, feed.model.ports);
});
afterAll(() => feed.close());

const idsOf = async (query: string) => {
  const { body } = await feed.get(`/v1/operations?${query}`);
  return (body as unknown as { items: { operationId: string }[] }).items.map(({ operationId }) => operationId);
};

test.each([
  ['', ['op-2', 'op-1', 'op-0']],
  ['kind=resume', ['op-2', 'op-0']],
  ['target=stage-1', ['op-1']],
  [`since=${new Date(AT + 1000).toISOString()}`, ['op-2', 'op-1']],
])('operations are listed, the last first, by "%s"', async (query, expected) => {
  expect(await idsOf(query)).toEqual(expected);
});

test('they come in pages, each has the form that the API description gives it, and a wrong question is refused', async () => {
  const { body } = await feed.get('/v1/operations?limit=2');
  const { items, next } = body as unknown as { items: unknown[]; next: string };
  for (const item of items) expect(operationItem.strict().parse(item)).toEqual(item);
  expect(await idsOf(`limit=2&cursor=${next}`)).toEqual(['op-0']);
  expect(await feed.get('/v1/operations?kind=undo')).toMatchObject({ status: 400 });
});
