import { setTimeout as elapsed } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Budget, GRANT_LAPSES_MS } from '#providers/budget.ts';
import type { Governor, Slot } from '#providers/ports.ts';
import { overBudget } from '#test/support/grants.ts';

/** One governor as several processes see it. */
export type GovernorUnderTest = {
  /** The governor of another process. */
  connect(): Governor;
  close(): Promise<void>;
};

/** Each test has an account of its own. */
const BUDGETS = {
  burst: { perSecond: 20, burst: 3 },
  shared: { perSecond: 50, burst: 1 },
  quick: { perSecond: 1_000, burst: 1 },
  lanes: { perSecond: 100, burst: 1 },
  backlog: { perSecond: 100, burst: 1 },
  leaving: { perSecond: 5, burst: 1 },
  paused: { perSecond: 1, burst: 1 },
  'paused-elsewhere': { perSecond: 10, burst: 1 },
  'one-endpoint': { perSecond: 20, burst: 1 },
  'pause-ends': { perSecond: 100, burst: 1 },
} as const satisfies Readonly<Record<string, Budget>>;

type Account = keyof typeof BUDGETS;

/** How far from its moment a grant is seen on a busy machine. */
const TOLERANCE_MS = GRANT_LAPSES_MS + 30;

const forever = new AbortController().signal;

/** The promises of the governor's port, in real time. They hold for Postgres and for the governor in memory alike. */
export const governorContract = (
  name: string,
  makeGovernor: (budgets: Readonly<Record<string, Budget>>) => Promise<GovernorUnderTest>,
): void => {
  describe(`${name} keeps the governor contract`, () => {
    let under: GovernorUnderTest;

    beforeAll(async () => {
      under = await makeGovernor(BUDGETS);
    });
    afterAll(async () => {
      await under.close();
    });

    const granted = async (governor: Governor, account: Account, lane: 'live' | 'replay' = 'live'): Promise<number> => {
      const slot = await governor.slot(account, lane, forever);
      expect(slot.kind).toBe('granted');
      return Date.now();
    };
    const many = (count: number, governor: Governor, account: Account, lane: 'live' | 'replay' = 'live') =>
      Promise.all(Array.from({ length: count }, () => granted(governor, account, lane)));

    test('grants a burst at once and the rest evenly', async () => {
      const moments = await many(9, under.connect(), 'burst');
      const start = moments[0] ?? 0;
      expect(overBudget(moments, BUDGETS.burst, TOLERANCE_MS)).toBeLessThanOrEqual(0);
      expect((moments[2] ?? 0) - start).toBeLessThan(TOLERANCE_MS);
      expect((moments[8] ?? 0) - start).toBeGreaterThan(300 - TOLERANCE_MS);
    });

    test('shares one budget between processes and uses it up', async () => {
      const processes = [under.connect(), under.connect(), under.connect()];
      const moments = (await Promise.all(processes.map((one) => many(25, one, 'shared')))).flat();
      const took = Math.max(...moments) - Math.min(...moments);
      expect(overBudget(moments, BUDGETS.shared, TOLERANCE_MS)).toBeLessThanOrEqual(0);
      // A timer of a busy machine is late; what is lost so is not made up for.
      expect(took).toBeLessThan((74 * 1000) / BUDGETS.shared.perSecond / 0.5);
    });

    test('serves a budget of a thousand a second', async () => {
      const moments = await many(600, under.connect(), 'quick');
      const took = Math.max(...moments) - Math.min(...moments);
      expect(overBudget(moments, BUDGETS.quick, TOLERANCE_MS)).toBeLessThanOrEqual(0);
      expect(took).toBeLessThan(3_000);
    });

    test('gives replays their twentieth while live requests wait, and no more', async () => {
      const [live, replay] = [under.connect(), under.connect()];
      const living = many(80, live, 'lanes');
      const replaying = many(30, replay, 'lanes', 'replay');
      const end = Math.max(...(await living));
      const share = (await replaying).filter((moment) => moment <= end).length;
      expect(share).toBeGreaterThanOrEqual(2);
      // The first slots may go before it is known that live requests wait.
      expect(share).toBeLessThanOrEqual(16);
    });

    test('lets a live request pass a backlog of replays', async () => {
      const [live, replay] = [under.connect(), under.connect()];
      const replaying = many(100, replay, 'backlog', 'replay');
      await elapsed(100);
      const asked = Date.now();
      expect((await granted(live, 'backlog')) - asked).toBeLessThan(500);
      await replaying;
    });

    test('gives leave that lapses soon after its slot', async () => {
      const slot = await under.connect().slot('quick', 'live', forever);
      expect(slot).toMatchObject({ kind: 'granted' });
      const left = slot.kind === 'granted' ? slot.lapsesAt - Date.now() : 0;
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(GRANT_LAPSES_MS);
    });

    test('rejects with the reason of the signal, and the place in the line is free', async () => {
      const governor = under.connect();
      const gone = new AbortController();
      await granted(governor, 'leaving');
      const leaving = governor.slot('leaving', 'live', gone.signal);
      const next = granted(governor, 'leaving');
      const asked = Date.now();
      gone.abort('partition lost');
      await expect(leaving).rejects.toBe('partition lost');
      await expect(governor.slot('leaving', 'live', gone.signal)).rejects.toBe('partition lost');
      expect((await next) - asked).toBeLessThan(200 + TOLERANCE_MS * 2);
    });

    test('answers with the pause at once, also those who wait, and keeps the later of two', async () => {
      const governor = under.connect();
      await granted(governor, 'paused');
      const waiting = [governor.slot('paused', 'live', forever), governor.slot('paused', 'replay', forever)];
      const until = Date.now() + 3_600_000;
      const paused: Slot = { kind: 'paused', until, reason: '429' };
      await governor.pause('paused', until, '429');
      await governor.pause('paused', until - 1_000, 'shorter');
      expect(await Promise.all(waiting)).toEqual([paused, paused]);
      expect(await governor.slot('paused', 'live', forever)).toEqual(paused);
      expect(await under.connect().paused('paused')).toEqual({ until, reason: '429' });
    });

    test('tells a pause to all processes, those that wait included', async () => {
      const [one, other] = [under.connect(), under.connect()];
      const account = 'paused-elsewhere';
      const waiting = Promise.all(Array.from({ length: 40 }, () => other.slot(account, 'live', forever)));
      const until = Date.now() + 60_000;
      await one.pause(account, until, 'quota');
      const answers = (await waiting).filter(({ kind }) => kind === 'paused');
      expect(answers.length).toBeGreaterThan(35);
      expect(answers[0]).toEqual({ kind: 'paused', until, reason: 'quota' });
      expect(await under.connect().slot(account, 'replay', forever)).toEqual(answers[0]);
    });

    test('leaves one endpoint alone for as long as it is told, in all processes, while the others go on', async () => {
      const [one, other] = [under.connect(), under.connect()];
      const account = 'one-endpoint';
      await granted(one, account);
      const waiting = [0, 1, 2, 3, 4].map(() => other.slot(account, 'live', forever, 'GET /limited'));
      const until = Date.now() + 60_000;
      await one.pauseEndpoint(account, 'GET /limited', until, '429');
      await one.pauseEndpoint(account, 'GET /limited', until - 1_000, 'shorter');
      const paused: Slot = { kind: 'paused', endpoint: 'GET /limited', until, reason: '429' };
      expect(await one.slot(account, 'live', forever, 'GET /limited')).toEqual(paused);
      await granted(other, account);
      expect((await Promise.all(waiting)).slice(-2)).toEqual([paused, paused]);
      expect(await other.slot(account, 'replay', forever, 'GET /limited')).toEqual(paused);
      expect((await other.slot(account, 'live', forever, 'GET /free')).kind).toBe('granted');
      expect(await under.connect().paused(account)).toBeNull();
    });

    test('asks an endpoint again when its pause is over', async () => {
      const governor = under.connect();
      await governor.pauseEndpoint('pause-ends', 'GET /limited', Date.now() + 200, 'short');
      const slot = () => governor.slot('pause-ends', 'live', forever, 'GET /limited').then(({ kind }) => kind);
      expect(await slot()).toBe('paused');
      await expect.poll(slot, { timeout: 5_000 }).toBe('granted');
    });

    test('grants again after a pause', async () => {
      const governor = under.connect();
      await governor.pause('pause-ends', Date.now() + 200, 'short');
      expect((await governor.slot('pause-ends', 'live', forever)).kind).toBe('paused');
      await expect.poll(() => governor.paused('pause-ends'), { timeout: 5_000 }).toBeNull();
      await granted(governor, 'pause-ends');
    });

    test('knows no account that it was not given', async () => {
      await expect(under.connect().slot('other', 'live', forever)).rejects.toThrow('no budget for other');
    });
  });
};
