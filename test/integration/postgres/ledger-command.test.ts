import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresLedger } from '#adapters/postgres/ledger.ts';
import { command } from '#cli/ledger.ts';
import { runCommand } from '#test/support/io.ts';
import { type PreparedPools, preparedPools } from '#test/support/pools.ts';

let pools: PreparedPools;

beforeAll(async () => {
  pools = await preparedPools();
});
afterAll(async () => {
  await pools.close();
});

/** The ledger needs the database alone: nobody listens at the other addresses. */
const run = (...args: readonly string[]) =>
  runCommand(command, args, {
    DATABASE_URL: pools.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
    MLC_RETENTION_DAYS: '10',
  });

const at = (key: string, kind: string, moment: string) => ({
  provider: 'mlc',
  kind,
  key,
  outcome: 'found' as const,
  body: { key },
  fetchedAt: Date.parse(moment),
  profile: 'full',
});

test('the ledger is counted, pruned, and forgotten in part', async () => {
  await postgresLedger(pools.open()).store([
    at('old', 'recordings', '2020-01-01T00:00:00Z'),
    at('new', 'recordings', new Date().toISOString()),
    at('work', 'works', new Date().toISOString()),
  ]);
  const stats = await run('stats');
  expect([stats.exit, stats.err]).toEqual([0, []]);
  expect(stats.out[1]).toMatch(/^mlc\/recordings +2 +2 +0 +0 +0 +\d+ +2020-01-01 +\d{4}-\d\d-\d\d$/);

  expect(await run('prune', '--json')).toEqual({ exit: 0, out: ['{"old":1,"surplus":0}'], err: [] });
  const since = new Date(Date.now() - 60_000).toISOString();
  expect(await run('forget', '--provider', 'mlc', '--kind', 'works', '--since', since, '--json')).toEqual({
    exit: 0,
    out: ['{"forgotten":1}'],
    err: [],
  });
  const { shelves } = JSON.parse((await run('stats', '--json')).out[0] ?? '');
  expect(shelves).toMatchObject([{ provider: 'mlc', kind: 'recordings', entries: 1 }]);
});

test.each([
  [[], 'Say stats, prune or forget.'],
  [['forget'], 'forget needs --provider: spotify, web-player, mlc, musicbrainz or chartmetric.'],
  [['forget', '--provider', 'mlc', '--since', 'yesterday'], '--since yesterday is no moment.'],
  [['prune', '--provider', 'mlc'], 'Only forget takes --provider, --kind and --since.'],
  [['stats', 'now'], 'now: what is that?'],
] as const)('%j is told as wrong, and nothing is done', async (args, told) => {
  const { exit, err } = await run(...args);
  expect([exit, err[0]]).toEqual([2, told]);
});
