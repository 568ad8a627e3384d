import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresBypasses } from '#adapters/postgres/bypasses.ts';
import { postgresClock } from '#adapters/postgres/clock.ts';
import { postgresHalts } from '#adapters/postgres/halts.ts';
import { postgresIngests } from '#adapters/postgres/ingests.ts';
import { postgresPauses } from '#adapters/postgres/pauses.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { prepareDatabase } from '#adapters/postgres/prepare.ts';
import { postgresSeenGroups } from '#adapters/postgres/seen-groups.ts';
import { postgresStarts } from '#adapters/postgres/starts.ts';
import { inTransaction } from '#adapters/postgres/transaction.ts';
import { failure } from '#stream/failure.ts';
import { type FreshDatabase, freshDatabase } from '#test/support/database.ts';

let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  pool = openPool({ url: database.url, max: 4, name: 'test', onLost: () => undefined });
  await prepareDatabase(pool);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const first = { topic: 'tracks.raw', partition: 0, offset: 7 };

test('preparing a database again, also at the same time, changes nothing and names the same read model', async () => {
  expect(await Promise.all([prepareDatabase(pool), prepareDatabase(pool), prepareDatabase(pool)])).toEqual([
    'read_v5',
    'read_v5',
    'read_v5',
  ]);
});

test('a read model of an earlier layout is retired, and an empty one of this layout takes its place', async () => {
  const old = await freshDatabase();
  const other = openPool({ url: old.url, max: 2, name: 'test', onLost: () => undefined });
  await prepareDatabase(other);
  await other.query(`update linernotes.read_models set name = 'read_v1'`);
  await other.query('drop view public.dead_letters; alter schema read_v5 rename to read_v1');
  expect(await prepareDatabase(other)).toBe('read_v5');
  const models = await other.query('select name, state from linernotes.read_models order by name');
  expect(models.rows).toEqual([
    { name: 'read_v1', state: 'retired' },
    { name: 'read_v5', state: 'live' },
  ]);
  expect((await other.query('select fingerprint from dead_letters')).rows).toEqual([]);
  await other.end();
  await old.drop();
});

test('lost records count among the last so many of their stage, whoever counts, until it is resumed', async () => {
  const halts = postgresHalts(pool);
  expect(await halts.count('counted', 5, [0, 4], 20)).toBe(2);
  expect(await postgresHalts(pool).count('counted', 3, [1], 20)).toBe(3);
  expect(await halts.count('other', 1, [0], 20)).toBe(1);
  // Records 1, 5 and 7 of 8 were lost; the last 20 of 26 are 7 to 26, and 26 was lost too.
  expect(await halts.count('counted', 18, [0], 20)).toBe(2);
  await halts.lift('counted');
  expect(await halts.count('counted', 1, [0], 20)).toBe(1);
});

test('all that is counted at once is counted', async () => {
  const halts = postgresHalts(pool);
  await Promise.all(Array.from({ length: 20 }, () => halts.count('crowded', 1, [0], 100)));
  expect(await halts.count('crowded', 1, [], 100)).toBe(20);
});

test('the clock tells milliseconds and never goes back', async () => {
  const clock = postgresClock(pool);
  const [one, two] = [await clock(), await clock()];
  expect(Number.isInteger(one)).toBe(true);
  expect(two).toBeGreaterThanOrEqual(one);
});

test('starts are counted per position until the partition has gone past it', async () => {
  const starts = postgresStarts(pool);
  expect(await starts.begun('g', first)).toBe(1);
  expect(await starts.begun('g', first)).toBe(2);
  expect(await starts.begun('g', { ...first, partition: 1 })).toBe(1);
  expect(await starts.begun('other', first)).toBe(1);
  await starts.settled('g', { ...first, offset: 7 });
  expect(await starts.begun('g', first)).toBe(3);
  await starts.settled('g', { ...first, offset: 8 });
  expect(await starts.begun('g', first)).toBe(1);
});

test('a group is known on the partitions where it was noted, and nowhere else', async () => {
  const seen = postgresSeenGroups(pool);
  expect(await seen.has('g', first)).toBe(false);
  await Promise.all([seen.note('g', first), seen.note('g', first)]);
  expect(await seen.has('g', first)).toBe(true);
  expect(await seen.has('g', { ...first, partition: 1 })).toBe(false);
  expect(await seen.has('other', first)).toBe(false);
});

test('a pause keeps its first start and reason until it ends', async () => {
  const pauses = postgresPauses(pool);
  const now = 1_767_323_045_123;
  expect(await pauses.current('credits')).toBeNull();
  expect(await pauses.begin('credits', '503', now)).toBe(now);
  expect(await pauses.begin('credits', 'timeout', now + 5000)).toBe(now);
  expect(await pauses.current('credits')).toEqual({ since: now, reason: '503' });
  await pauses.end('credits');
  expect(await pauses.current('credits')).toBeNull();
});

test('a bypass keeps its first start and cause until it ends', async () => {
  const bypasses = postgresBypasses(pool);
  const now = 1_767_323_045_123;
  const cause = failure('UNPARSEABLE', 'no dialog');
  expect(await bypasses.current('credits')).toBeNull();
  expect(await bypasses.begin('credits', cause, now)).toBe(now);
  expect(await bypasses.begin('credits', failure('TIMEOUT', 'slow'), now + 5000)).toBe(now);
  expect(await bypasses.current('credits')).toEqual({ since: now, cause });
  await bypasses.end('credits');
  expect(await bypasses.current('credits')).toBeNull();
});

test('a halt keeps its first reason until somebody lifts it', async () => {
  const halts = postgresHalts(pool);
  const now = 1_767_323_045_123;
  expect(await halts.lift('credits')).toBeNull();
  await halts.begin('credits', 'bugs', now);
  await halts.begin('credits', 'more bugs', now + 5000);
  expect(await halts.current('credits')).toEqual({ since: now, reason: 'bugs' });
  expect(await halts.lift('credits')).toEqual({ since: now, reason: 'bugs' });
  expect(await halts.current('credits')).toBeNull();
});

test('an ingest keeps its earliest beginning and ends as published', async () => {
  const ingests = postgresIngests(pool);
  expect(await ingests.find('run')).toBeNull();
  await ingests.begin('run', [first]);
  await ingests.begin('run', [{ ...first, offset: 99 }]);
  expect(await ingests.find('run')).toEqual({ state: 'publishing', from: [first] });
  await ingests.finish('run');
  expect(await ingests.find('run')).toEqual({ state: 'published' });
});

test('a transaction that throws leaves nothing, and its connection is good for the next one', async () => {
  const attempt = inTransaction(pool, async (client) => {
    await client.query(`insert into linernotes.stage_pauses values ('s', 'r', now())`);
    throw new Error('no');
  });
  await expect(attempt).rejects.toThrow('no');
  expect(await postgresPauses(pool).current('s')).toBeNull();
});

test('a deadlock is tried anew until both sides are through', async () => {
  await pool.query(`insert into linernotes.stage_pauses values ('a', '', now()), ('b', '', now())`);
  let waiting = 0;
  const meet = Promise.withResolvers<void>();
  const update = (one: string, other: string) =>
    inTransaction(pool, async (client) => {
      await client.query('update linernotes.stage_pauses set reason = reason || $1 where stage = $1', [one]);
      waiting += 1;
      if (waiting === 2) meet.resolve();
      await meet.promise;
      await client.query('update linernotes.stage_pauses set reason = reason || $1 where stage = $1', [other]);
    });
  await Promise.all([update('a', 'b'), update('b', 'a')]);
  const { rows } = await pool.query('select stage, reason from linernotes.stage_pauses order by stage');
  expect(rows).toEqual([
    { stage: 'a', reason: 'aa' },
    { stage: 'b', reason: 'bb' },
  ]);
  expect(waiting).toBeGreaterThan(2);
});

test('bigints come as numbers, moments as ISO text, and a number that would be rounded is refused', async () => {
  const { rows } = await pool.query(
    `select 9007199254740991::bigint as n, '2026-01-02 03:04:05.678+01'::timestamptz as at`,
  );
  expect(rows).toEqual([{ n: 9_007_199_254_740_991, at: '2026-01-02T02:04:05.678Z' }]);
  await expect(pool.query('select 9007199254740993::bigint as n')).rejects.toThrow('does not fit');
});

test('a connection that is cut throws where it is used', async () => {
  const cut = inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await client.query('select 1');
  });
  await expect(cut).rejects.toThrow();
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
