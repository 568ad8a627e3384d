import { afterAll, beforeAll, expect, it } from 'vitest';
import { uniqueName } from '#test/support/names.ts';
import { type Pipeline, startPipeline } from '#test/support/pipeline.ts';
import { publishPlainly } from '#test/support/plain-producer.ts';
import { solidTracks } from '#test/support/solid-tracks.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { within } from '#test/support/within.ts';
import { TOPOLOGY } from '#track/topology.ts';

// A provider that is down for longer than anybody waits, and what becomes of its tracks when it is back.

const TRACKS = 20;

let pipeline: Pipeline;
let verifier: Verifier;

beforeAll(async () => {
  pipeline = await startPipeline({
    env: { PATIENCE_MS: '1000', RETRY_BASE_MS: '100', CREDITS_SCRAPE: 'off', PROVIDER_BACK_PER_SECOND: '100' },
  });
  verifier = await verifierOf(pipeline);
});

afterAll(async () => {
  await verifier?.close();
  await pipeline?.close();
});

const analytics = async (): Promise<Readonly<Record<string, number>>> => {
  const { rows } = await pipeline.pool.query<{ status: string; n: number }>(
    'select analytics_status as status, count(*)::int as n from tracks group by 1',
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
};

const states = async (): Promise<readonly { readonly state: string; readonly n: number }[]> => {
  const { items } = JSON.parse((await pipeline.command('dead-letters', 'list', '--state', 'all', '--json')).out);
  return [...Map.groupBy(items, ({ state }: { state: string }) => state)].map(([state, letters]) => ({
    state,
    n: letters.length,
  }));
};

it('its letters are redriven by themselves, and all tracks are enriched in the end', async () => {
  pipeline.sandbox.setFault({ provider: 'chartmetric', mode: 'status:429', retryAfter: 1 });
  await pipeline.run('all');
  const runId = uniqueName('run');
  await publishPlainly(
    pipeline.services,
    runId,
    solidTracks(TRACKS).map(({ id }) => ({ track: id })),
  );
  await pipeline.finished([runId]);
  expect(await analytics()).toEqual({ failed: TRACKS });

  pipeline.sandbox.clearFaults();
  await within(
    async () => (await analytics())['enriched'] === TRACKS,
    120_000,
    () => `all to be enriched: ${pipeline.lastWords()}`,
  );
  expect(await states()).toEqual([{ state: 'superseded', n: TRACKS }]);
  const { deadLetters } = JSON.parse((await pipeline.command('status', '--json')).out);
  expect(deadLetters).toEqual([]);
  const told = JSON.parse((await pipeline.command('operations', '--kind', 'redrive', '--json')).out);
  expect(told.items[0]).toMatchObject({ by: 'linernotes', reason: 'The provider is back.' });
  const { wrong, judged } = await verifier.verdict();
  expect(wrong).toEqual([]);
  // Each copy of a letter was sent once, those of letters that were a probe and failed again included.
  const letterIds = (topic: string) => judged.records(topic).map(({ headers }) => headers['dl-id']);
  const { dlq, replay } = TOPOLOGY.analytics;
  expect(letterIds(replay).toSorted()).toEqual(letterIds(dlq).toSorted());
  expect(new Set(letterIds(dlq)).size).toBe(TRACKS);
});
