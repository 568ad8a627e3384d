import { resolve } from 'node:path';
import { setTimeout as elapsed } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { postgresGovernor } from '#adapters/postgres/governor.ts';
import { takeSlots, tellUse } from '#adapters/postgres/governor-slots.ts';
import { standingAccounts } from '#adapters/postgres/governor-standing.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { prepareDatabase } from '#adapters/postgres/prepare.ts';
import { evenly, GRANT_LAPSES_MS } from '#providers/budget.ts';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import type { Http } from '#providers/http.ts';
import { isInfrastructureLost } from '#stream/lost.ts';
import { ok } from '#stream/result.ts';
import { overBudget } from '#test/support/grants.ts';
import { loneService } from '#test/support/lone-service.ts';
import { type PreparedPools, preparedPools } from '#test/support/pools.ts';
import { type Child, startChild } from '#test/support/processes.ts';
import { anAnswer, providerPorts } from '#test/support/providers.ts';

const WORKER = resolve('test/support/grants-worker.ts');
/** How much nearer to each other two grants may be written down than they were given: one late, the other in time. */
const TOLERANCE_MS = GRANT_LAPSES_MS + 30;

const forever = new AbortController().signal;
let pools: PreparedPools;
let children: Child[] = [];

beforeAll(async () => {
  pools = await preparedPools();
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  children = [];
  await pools.open().query('truncate linernotes.governor');
});
afterAll(async () => {
  await pools.close();
});

const start = async (budget: object, lane = 'live'): Promise<Child> => {
  const child = startChild([WORKER], { DATABASE_URL: pools.url, BUDGET: JSON.stringify(budget), LANE: lane });
  children.push(child);
  await child.says('ready');
  return child;
};

const momentsOf = (child: Child, kind = 'granted'): readonly number[] =>
  child
    .out()
    .split('\n')
    .flatMap((line) => (line.startsWith(`${kind} `) ? [Number(line.split(' ')[1])] : []));

const between = (moments: readonly number[], from: number, to: number) =>
  moments.filter((moment) => moment >= from && moment < to);

test('three processes share one budget and use it up; one is killed and one is stopped on the way', async () => {
  const budget = { perSecond: 40, burst: 1 };
  const [one, stopped, killed] = [await start(budget), await start(budget), await start(budget)];
  const from = Date.now();
  await elapsed(2_000);
  await killed.kill();
  process.kill(stopped.pid, 'SIGSTOP');
  await elapsed(1_000);
  process.kill(stopped.pid, 'SIGCONT');
  await elapsed(2_000);
  const to = Date.now();

  const moments = [one, stopped, killed].flatMap((child) => momentsOf(child));
  // A process that is stopped between its grant and the request may send that one late.
  expect(overBudget(moments, budget, TOLERANCE_MS)).toBeLessThanOrEqual(1);
  const due = ((to - from) / 1_000) * budget.perSecond;
  expect(between(moments, from, to).length).toBeGreaterThan(due * 0.9);
  for (const child of [one, stopped, killed]) expect(momentsOf(child).length).toBeGreaterThan(10);
});

test('a window of one second never gets more than its calls, at one call a second too', async () => {
  const budget = { perSecond: 2, burst: 1 };
  const three = [await start(budget), await start(budget), await start(budget)];
  await elapsed(4_000);
  const moments = three.flatMap((child) => momentsOf(child)).toSorted((a, b) => a - b);
  const gaps = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(1000 / budget.perSecond - TOLERANCE_MS);
  expect(moments.length).toBeGreaterThanOrEqual(7);
});

test('a replay process gets about its twentieth beside two live ones, and everything when they are gone', async () => {
  const budget = { perSecond: 100, burst: 1 };
  const live = [await start(budget), await start(budget)];
  const replay = await start(budget, 'replay');
  const from = Date.now();
  await elapsed(3_000);
  const to = Date.now();
  const share = between(momentsOf(replay), from, to).length;
  const all = live.flatMap((child) => between(momentsOf(child), from, to)).length + share;
  expect(share / all).toBeGreaterThan(0.02);
  expect(share / all).toBeLessThan(0.09);
  await Promise.all(live.map((child) => child.kill()));
  const alone = Date.now();
  await elapsed(2_000);
  expect(between(momentsOf(replay), alone, alone + 2_000).length).toBeGreaterThan(120);
});

test('a pause by one process is kept by all, also by one that starts later', async () => {
  const budget = { perSecond: 50, burst: 1 };
  const first = await start(budget);
  await expect.poll(() => momentsOf(first).length, { timeout: 5_000 }).toBeGreaterThan(5);
  await postgresGovernor(pools.open(), { api: budget }, Date.now).pause('api', Date.now() + 3_600_000, '429');
  const paused = Date.now();
  const late = await start(budget);
  await expect.poll(() => momentsOf(late, 'paused').length, { timeout: 5_000 }).toBeGreaterThan(0);
  expect(between([...momentsOf(first), ...momentsOf(late)], paused + 250, Date.now())).toEqual([]);
});

test('a learned limit falls with a refusal and is the same for all; another base begins anew', async () => {
  const pool = pools.open();
  const governorOf = (perSecond: number) =>
    postgresGovernor(pool, { api: { perSecond, burst: 1, learns: true } }, Date.now);
  const learned = async () => (await pool.query('select learned from linernotes.governor')).rows[0]?.learned;
  await governorOf(10).pause('api', Date.now() + 1, 'refused');
  expect(await learned()).toBeNull();
  await governorOf(10).tooFast?.('api');
  expect(await learned()).toMatchObject({ base: 10, perSecond: 8.7 });
  await governorOf(10).tooFast?.('api');
  expect(await learned()).toMatchObject({ base: 10, perSecond: 8.7 });
  await governorOf(4).tooFast?.('api');
  expect(await learned()).toMatchObject({ base: 4, perSecond: 3.48 });
});

test('an endpoint that is left alone is told to people and survives restarts; what is over is dropped', async () => {
  const pool = pools.open();
  const governor = () => postgresGovernor(pool, { api: { perSecond: 10, burst: 1 } }, Date.now);
  const until = Date.now() + 3_600_000;
  await governor().pauseEndpoint('api', 'GET /over', Date.now() - 1, '429');
  await governor().pauseEndpoint('api', 'GET /features', until, 'answered 429');
  expect(await standingAccounts(pool)).toEqual([
    {
      account: 'api',
      pausedUntil: null,
      reason: null,
      learnedPerSecond: null,
      endpoints: [{ endpoint: 'GET /features', pausedUntil: new Date(until).toISOString(), reason: 'answered 429' }],
    },
  ]);
  const restarted = governor();
  await restarted.slot('api', 'live', forever, 'GET /tracks');
  expect(await restarted.slot('api', 'live', forever, 'GET /features')).toMatchObject({ kind: 'paused', until });
  const { rows } = await pool.query('select endpoints from linernotes.governor');
  expect(Object.keys(rows[0].endpoints)).toEqual(['GET /features']);
});

test('a call that was written late moves the one that must keep its distance from it, in all processes', async () => {
  const pool = pools.open();
  const budget = evenly(2);
  const governor = postgresGovernor(pool, { api: budget }, Date.now);
  const lately = async (): Promise<readonly number[]> =>
    (await pool.query('select lately from linernotes.governor')).rows[0]?.lately;
  const [first] = [await governor.slot('api', 'live', forever)];
  await elapsed(300);
  if (first.kind === 'granted') first.used?.('written');
  await expect.poll(async () => (await lately()).length, { timeout: 5_000 }).toBe(1);
  const [written = 0] = await lately();
  const other = postgresGovernor(pools.open(), { api: budget }, Date.now);
  await other.slot('api', 'live', forever);
  await other.slot('api', 'live', forever);
  const slots = await lately();
  expect(slots.length).toBe(3);
  expect((slots[2] ?? 0) - written).toBeGreaterThanOrEqual(1_000);
});

test('a slot that nobody uses counts for nothing, and those to come move up', async () => {
  const pool = pools.open();
  const budget = evenly(1);
  const row = async () => (await pool.query('select lately, due from linernotes.governor')).rows[0];
  const take = async () => takeSlots(pool, { account: 'api', lane: 'live', count: 1 }, budget);
  await take();
  const taken = await take();
  const before = await row();
  expect(taken).toMatchObject({ kind: 'slots', slots: [{ at: before.lately[0] }] });
  expect(await take()).toMatchObject({ kind: 'slots', slots: [] });
  const slot = { at: before.lately[0], inMs: 0 };
  await tellUse(pool, 'api', slot, null, budget);
  await tellUse(pool, 'api', slot, null, budget);
  expect(await row()).toEqual({ lately: [], due: before.due - 1_075 });
  expect(await take()).toMatchObject({ kind: 'slots', slots: [{ at: expect.any(Number) }] });
});

test('without its database nobody gets a slot: all who wait are told that it is lost', async () => {
  const nowhere = new URL(pools.url);
  nowhere.port = '1';
  const pool = openPool({ url: nowhere.href, max: 2, name: 'test', onLost: () => undefined });
  const governor = postgresGovernor(pool, { api: { perSecond: 1, burst: 1 } }, Date.now);
  const waiting = [governor.slot('api', 'live', forever), governor.slot('api', 'replay', forever)];
  const reasons = await Promise.allSettled(waiting);
  expect(reasons.map((one) => one.status === 'rejected' && isInfrastructureLost(one.reason))).toEqual([true, true]);
  await expect(governor.pause('api', Date.now() + 1_000, '429')).rejects.toSatisfy(isInfrastructureLost);
  await pool.end();
});

test('a plan that is smaller than what is configured is kept to by all; a larger one changes nothing', async () => {
  const pool = pools.open();
  const budget = evenly(20);
  const governor = postgresGovernor(pool, { api: budget }, Date.now);
  const learned = async () => (await pool.query('select learned from linernotes.governor')).rows[0]?.learned ?? null;
  const taken = async () => takeSlots(pool, { account: 'api', lane: 'live', count: 5 }, budget);
  await governor.slot('api', 'live', forever);
  governor.told?.('api', 2);
  await expect.poll(learned, { timeout: 5_000 }).toMatchObject({ told: 2 });
  await elapsed(600);
  // Slots of the small plan lie half a second apart, so that only one is within reach.
  expect(await taken()).toMatchObject({ kind: 'slots', slots: [{ at: expect.any(Number) }] });
  governor.told?.('api', 25);
  await expect.poll(learned, { timeout: 5_000 }).toBeNull();
});

test('when its database goes away in the middle nobody calls any more, and all go on when it is back', async () => {
  const postgres = await loneService('postgres');
  const pool = openPool({ url: postgres.address, max: 3, name: 'test', onLost: () => undefined });
  try {
    await prepareDatabase(pool);
    const sent: number[] = [];
    const http: Http = async () => {
      sent.push(Date.now());
      return ok(anAnswer({}));
    };
    const governor = postgresGovernor(pool, { api: { perSecond: 50, burst: 1 } }, Date.now);
    const call = caller(
      { ...CALL_DEFAULTS, origin: 'https://example.org', account: 'api' },
      providerPorts(http, { governor, now: Date.now }),
    );
    let over = false;
    const asking = async () => {
      const others: unknown[] = [];
      while (!over) {
        await call({ method: 'GET', path: '/', body: null }, { lane: 'live', signal: forever }).catch(
          (error: unknown) => {
            if (!isInfrastructureLost(error)) others.push(error);
          },
        );
        await elapsed(1);
      }
      return others;
    };
    const others = asking();
    // Long enough for the tables to be on disk: this Postgres does not wait for that.
    await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThan(100);
    await postgres.kill();
    await elapsed(GRANT_LAPSES_MS + 100);
    const before = sent.length;
    await elapsed(1_000);
    expect(sent.length).toBe(before);
    await postgres.startAgain();
    await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThan(before + 10);
    over = true;
    expect(await others).toEqual([]);
  } finally {
    await pool.end();
    await postgres.stop();
  }
});
