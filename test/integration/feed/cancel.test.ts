import { afterAll, beforeAll, expect, test } from 'vitest';
import { followCancelledRuns } from '#adapters/postgres/cancelled-runs.ts';
import { callsOfRun, runCounters } from '#adapters/postgres/run-calls.ts';
import { operationAt } from '#app/operations/append.ts';
import { runDetail } from '#feed/schemas/run.ts';
import { aFeed, aFeedClient } from '#test/support/feed.ts';
import { aLog, serveAll } from '#test/support/read-model.ts';
import { AT, aRawTrack } from '#test/support/tracks.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';

const RUN = 'run-1';
const ordered: { readonly runId: string; readonly by: string; readonly reason: string }[] = [];
const log = aLog();
let feed: Awaited<ReturnType<typeof aFeed>>;

beforeAll(async () => {
  feed = await aFeed({
    cancel: async (runId, how) => {
      ordered.push({ runId, ...how });
      return feed.ports.reads.run(runId);
    },
  });
  log.append('tracks.raw', aRawTrack({ runId: RUN }));
  await serveAll(log, feed.model.ports);
});
afterAll(() => feed.close());

const cancel = (runId: string, order: object) =>
  feed.get(`/v1/runs/${runId}/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });

test('a cancel is ordered with a reason, of a run that was seen', async () => {
  expect(await cancel(RUN, { reason: 'wrong file', by: 'ada' })).toMatchObject({ status: 202, body: { runId: RUN } });
  expect(await cancel('nobody', { reason: 'wrong file' })).toMatchObject({ status: 404 });
  expect(await cancel(RUN, { reason: ' ' })).toMatchObject({ status: 400 });
  expect(await cancel(RUN, {})).toMatchObject({ status: 400 });
  expect(ordered).toEqual([
    { runId: RUN, by: 'ada', reason: 'wrong file' },
    { runId: 'nobody', by: 'http', reason: 'wrong file' },
  ]);
});

test('a run tells that it was cancelled, and what was asked for it; workers hear of it', async () => {
  const { pool } = feed.model;
  const before: string[] = [];
  const client = await aFeedClient(feed.url);
  const early = await followCancelledRuns(pool, (runId) => before.push(runId));
  const counters = runCounters(pool);
  for (const counter of ['questions', 'questions', 'fromLedger', 'calls'] as const)
    counters.add(RUN, 'spotify', counter);
  await counters.close();

  log.append(OPERATIONS_TOPIC, operationAt({ id: 'c-1', kind: 'cancel', by: 'ada', target: RUN, reason: 'why' }, AT));
  await serveAll(log, feed.model.ports);

  await expect.poll(() => before, { timeout: 10_000 }).toEqual([RUN]);
  await early.close();
  const late: string[] = [];
  await (await followCancelledRuns(pool, (runId) => late.push(runId))).close();
  expect(late).toEqual([RUN]);

  const told = await client.until((received) => received.some(({ type }) => type === 'cancelled'));
  expect(told.find(({ type }) => type === 'cancelled')?.data).toEqual({
    runId: RUN,
    at: new Date(AT).toISOString(),
    by: 'ada',
    reason: 'why',
  });
  client.socket.close();

  const { body } = await feed.get(`/v1/runs/${RUN}`);
  expect(runDetail.strict().parse(body)).toMatchObject({
    cancelled: { at: new Date(AT).toISOString(), by: 'ada', reason: 'why' },
    calls: [{ provider: 'spotify', questions: 2, fromLedger: 1, calls: 1 }],
  });
  expect(await callsOfRun(pool, RUN)).toHaveLength(1);
  expect((await feed.get('/v1/runs')).body).toMatchObject({ items: [{ runId: RUN, cancelled: { by: 'ada' } }] });
});
