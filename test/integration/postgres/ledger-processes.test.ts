import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { postgresLedger } from '#adapters/postgres/ledger.ts';
import { forgetAnswers, isTimeToPrune, ledgerStatistics, pruneLedger } from '#adapters/postgres/ledger-upkeep.ts';
import type { LedgerEntry } from '#providers/ports.ts';
import { isInfrastructureLost } from '#stream/lost.ts';
import { type PreparedPools, preparedPools } from '#test/support/pools.ts';
import { type Child, startChild } from '#test/support/processes.ts';
import { within } from '#test/support/within.ts';

const WORKER = resolve('test/support/asking-worker.ts');
const DAY = 86_400_000;
const forever = new AbortController().signal;

let pools: PreparedPools;
let children: Child[] = [];

beforeAll(async () => {
  pools = await preparedPools();
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  children = [];
  await pools.open().query('truncate linernotes.ledger, linernotes.ledger_claims, linernotes.ledger_pruned');
});
afterAll(async () => {
  await pools.close();
});

const start = (keys: number, seed: number): Child => {
  const child = startChild([WORKER], { DATABASE_URL: pools.url, KEYS: String(keys), SEED: String(seed) });
  children.push(child);
  return child;
};

const said = (child: Child, what: 'asked' | 'answered'): readonly string[] =>
  child
    .out()
    .split('\n')
    .flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []));

const numbered = (keys: number) => Array.from({ length: keys }, (_, n) => `key-${n}`).toSorted();

describe('regression: two instances and more processes', () => {
  test('ask for each key once, and all get its answer', async () => {
    const three = [start(300, 1), start(300, 2), start(300, 3)];
    expect(await Promise.all(three.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    expect(three.flatMap((child) => said(child, 'asked')).toSorted()).toEqual(numbered(300));
    for (const child of three) expect(said(child, 'answered').toSorted()).toEqual(numbered(300));
    // A process may end before it lets go of a key; what it leaves counts no longer than its lease.
    const pool = pools.open();
    const left = async () =>
      (await pool.query('select key from linernotes.ledger_claims where lapses_at > now()')).rows;
    await within(
      async () => (await left()).length === 0,
      15_000,
      () => 'claims to lapse',
    );
  });

  test('ask again only for what a killed one had under way, once its lease has lapsed', async () => {
    const [one, other, killed] = [start(300, 4), start(300, 5), start(300, 6)];
    await within(
      () => said(killed, 'asked').length > 30,
      20_000,
      () => 'the third process to be at work',
    );
    await killed.kill();
    expect(await Promise.all([one.ended, other.ended])).toEqual([0, 0]);

    const asked = [one, other].flatMap((child) => said(child, 'asked'));
    expect(new Set(asked).size).toBe(asked.length);
    const twice = said(killed, 'asked').filter((key) => asked.includes(key));
    const answered = new Set(said(killed, 'answered'));
    expect(twice.filter((key) => answered.has(key))).toEqual([]);
    expect(twice.length).toBeLessThanOrEqual(10);
    for (const child of [one, other]) expect(said(child, 'answered').toSorted()).toEqual(numbered(300));
  });
});

describe('a claim', () => {
  const take = async (ledger: ReturnType<typeof postgresLedger>) =>
    (await ledger.claim({ provider: 'test', kind: 'thing', keys: ['a'], lane: 'live', notBefore: 0 })).ours.has('a');

  test('lasts as long as its process lives, however long the call, and lapses after it', async () => {
    const [holder, other] = [postgresLedger(pools.open(), 300), postgresLedger(pools.open(), 300)];
    const claimed = Date.now();
    expect(await take(holder)).toBe(true);
    await within(
      async () => {
        expect(await take(other)).toBe(false);
        return Date.now() - claimed > 1_200;
      },
      5_000,
      () => 'four leases to pass',
    );
    holder.close();
    await within(
      () => take(other),
      5_000,
      () => 'the claim to lapse',
    );
    other.close();
  });
});

describe('a lost database', () => {
  test('is told as lost infrastructure by every method', async () => {
    const pool = pools.open();
    const ledger = postgresLedger(pool);
    await pool.end();
    const wanted = { provider: 'test', kind: 'thing', keys: ['a'], lane: 'live', notBefore: 0 } as const;
    await expect(ledger.find('test', 'thing', ['a'], 0)).rejects.toSatisfy(isInfrastructureLost);
    await expect(ledger.store([anEntry('a')])).rejects.toSatisfy(isInfrastructureLost);
    await expect(ledger.claim(wanted)).rejects.toSatisfy(isInfrastructureLost);
  });

  test('is also told of one that shuts down under a statement', async () => {
    const pool = pools.open();
    const ledger = postgresLedger(pool);
    const beside = pools.open();
    const locking = await beside.connect();
    const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    try {
      await locking.query('begin; lock table linernotes.ledger in access exclusive mode');
      const finding = ledger.find('test', 'thing', ['a'], 0).catch((error: unknown) => error);
      await within(
        async () => (await beside.query(waiting)).rows.length === 1,
        10_000,
        () => 'the statement to wait',
      );
      await beside.query(`select pg_terminate_backend(pid) from (${waiting}) w`);
      expect(await finding).toSatisfy(isInfrastructureLost);
    } finally {
      locking.release(true);
    }
  });
});

const anEntry = (key: string, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  provider: 'test',
  kind: 'thing',
  key,
  outcome: 'found',
  body: { key },
  fetchedAt: Date.now(),
  profile: 'full',
  ...over,
});

describe('upkeep', () => {
  const keys = async () =>
    (await pools.open().query<{ key: string }>('select key from linernotes.ledger order by key')).rows.map(
      ({ key }) => key,
    );

  test('drops what is older than its provider’s days, and nothing of providers without any', async () => {
    const pool = pools.open();
    await postgresLedger(pool).store([
      anEntry('old', { fetchedAt: Date.now() - 11 * DAY }),
      anEntry('young', { fetchedAt: Date.now() - 9 * DAY }),
      anEntry('kept', { provider: 'other', fetchedAt: 0 }),
    ]);
    expect(await pruneLedger(pool, { days: { test: 10 }, mostEntries: 10 }, forever)).toEqual({ old: 1, surplus: 0 });
    expect(await keys()).toEqual(['kept', 'young']);
  });

  test('keeps as many as there is room for, the newest', async () => {
    const pool = pools.open();
    await postgresLedger(pool).store([1, 2, 3, 4, 5].map((n) => anEntry(`key-${n}`, { fetchedAt: n * DAY })));
    expect(await pruneLedger(pool, { days: {}, mostEntries: 2 }, forever)).toEqual({ old: 0, surplus: 3 });
    expect(await keys()).toEqual(['key-4', 'key-5']);
  });

  test('is one process’s turn, once in a while', async () => {
    const turns = await Promise.all([1, 2, 3].map(() => isTimeToPrune(pools.open(), 60_000)));
    expect(turns.filter(Boolean)).toHaveLength(1);
    expect(await isTimeToPrune(pools.open(), 60_000)).toBe(false);
    expect(await isTimeToPrune(pools.open(), 0)).toBe(true);
  });

  test('forgets by provider, kind and moment', async () => {
    const pool = pools.open();
    const since = new Date(10 * DAY);
    await postgresLedger(pool).store([
      anEntry('a', { fetchedAt: 9 * DAY }),
      anEntry('b', { fetchedAt: 10 * DAY }),
      anEntry('c', { kind: 'other', fetchedAt: 11 * DAY }),
      anEntry('d', { provider: 'other', fetchedAt: 11 * DAY }),
    ]);
    expect(await forgetAnswers(pool, { provider: 'test', kind: 'thing', since })).toBe(1);
    expect(await keys()).toEqual(['a', 'c', 'd']);
    expect(await forgetAnswers(pool, { provider: 'test', kind: null, since })).toBe(1);
    expect(await forgetAnswers(pool, { provider: 'test', kind: null, since: null })).toBe(1);
    expect(await keys()).toEqual(['d']);
  });

  test('tells what there is', async () => {
    const pool = pools.open();
    const ledger = postgresLedger(pool);
    await ledger.store([
      anEntry('a', { fetchedAt: DAY }),
      anEntry('b', { fetchedAt: 2 * DAY, outcome: 'not_found', body: null }),
    ]);
    await ledger.claim({ provider: 'test', kind: 'thing', keys: ['c'], lane: 'live', notBefore: 0 });
    const { shelves, claims, bytesOnDisk } = await ledgerStatistics(pool);
    ledger.close();
    const shelf = {
      provider: 'test',
      kind: 'thing',
      entries: 2,
      found: 1,
      not_found: 1,
      restricted: 0,
      not_offered: 0,
    };
    const dates = { oldest: new Date(DAY).toISOString(), newest: new Date(2 * DAY).toISOString() };
    expect(shelves).toEqual([{ ...shelf, ...dates, bytes: expect.any(Number) }]);
    expect([claims, bytesOnDisk > 0]).toEqual([1, true]);
  });
});
