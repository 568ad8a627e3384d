import type { Pool } from 'pg';
import { type Budget, evenly } from '#providers/budget.ts';
import { endpointLimits } from '#providers/endpoint-limits.ts';
import { beginRate, type LearnedRate, refusedRate, USED_EVERY_MS, usedRate } from '#providers/learned-rate.ts';
import type { Governor, Slot } from '#providers/ports.ts';
import { windowOf } from '#providers/window.ts';
import { type Line, type LineWorld, line } from './governor-line.ts';
import { currentPause, keepPause, type Pause } from './governor-pauses.ts';
import { takeSlots, tellUse } from './governor-slots.ts';
import { reaching } from './lost.ts';
import { inTransaction } from './transaction.ts';

const LEARNED = `
  select learned, round(extract(epoch from clock_timestamp()) * 1000)::bigint as now
  from linernotes.governor where account = $1 for update`;

/** What the account said of its plan: kept while it is less than what is configured. */
const TOLD = `
  update linernotes.governor set learned = $2::jsonb
  where account = $1 and (learned is null or learned ? 'told') and learned is distinct from $2::jsonb`;

async function keepTold(pool: Pool, account: string, { perSecond, window }: Budget, told: number): Promise<void> {
  const isLess = window !== undefined && told < window.calls;
  const learned = isLess ? { base: perSecond, perSecond: evenly(told).perSecond, told } : null;
  await pool.query(TOLD, [account, learned]);
}

/** Moves an account's learned rate on, if it has one. */
async function learn(
  pool: Pool,
  account: string,
  { learns, perSecond }: Budget,
  next: (rate: LearnedRate, now: number) => LearnedRate,
): Promise<void> {
  if (learns !== true) return;
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ learned: LearnedRate | null; now: number }>(LEARNED, [account]);
    const [row] = rows;
    if (row === undefined) return;
    const { learned, now } = row;
    const rate = next(learned?.base === perSecond ? learned : beginRate(perSecond, now), now);
    await client.query('update linernotes.governor set learned = $2 where account = $1', [account, rate]);
  });
}

/**
 * The governor of all processes: slots, pauses and learned rates are rows that survive every restart. Slots are given by the
 * database's clock, for a moment ahead. Methods reject with `infrastructureLost` when the database cannot be reached: nobody calls
 * on a guess.
 * @param budgets by account; asking for a slot of another account is a bug and rejects
 * @param now milliseconds since the epoch on the pipeline's clock
 */
export function postgresGovernor(pool: Pool, budgets: Readonly<Record<string, Budget>>, now: () => number): Governor {
  const toldLast = new Map<string, number>();
  const accounts = new Map(Object.entries(budgets).map(([name, budget]) => [name, account(pool, name, budget, now)]));

  return {
    slot: async (name, lane, signal, endpoint) => {
      const known = accounts.get(name);
      if (known === undefined) throw new Error(`the governor has no budget for ${name}`);
      return known.slot(lane, signal, endpoint);
    },
    pause: async (name, until, reason) => {
      accounts.get(name)?.pause({ until, reason });
      await keepPause(pool, name, { until, reason }, null);
    },
    pauseEndpoint: async (name, endpoint, until, reason) => {
      accounts.get(name)?.pauseEndpoints({ [endpoint]: { until, reason } });
      await keepPause(pool, name, { until, reason }, endpoint);
    },
    tooFast: async (name) => {
      const budget = budgets[name];
      if (budget !== undefined) await reaching(() => learn(pool, name, budget, refusedRate));
    },
    told: (name, perSecond) => {
      const budget = budgets[name];
      if (budget === undefined || budget.learns === true || toldLast.get(name) === perSecond) return;
      toldLast.set(name, perSecond);
      // The next answer says it again, to this process or to another.
      keepTold(pool, name, budget, perSecond).catch(() => toldLast.delete(name));
    },
    paused: (name) => currentPause(pool, name),
  };
}

/** One account in this process: a line a lane, and the pauses that it has heard of. */
function account(pool: Pool, name: string, budget: Budget, now: () => number) {
  let silence: Pause | null = null;
  let toldUsed = Number.NEGATIVE_INFINITY;
  const window = windowOf(budget);
  const endpoints = endpointLimits(now);

  const used = (): void => {
    if (budget.learns !== true || now() - toldUsed < USED_EVERY_MS) return;
    toldUsed = now();
    // Only a step up: it is made the next time, or by another process.
    learn(pool, name, budget, usedRate).catch(() => undefined);
  };

  /** Not waited for: without its database nobody gets a slot anyway. */
  const told: LineWorld['told'] = (slot, lateMs) =>
    void tellUse(pool, name, slot, lateMs, budget).catch(() => undefined);

  const sendAway: Line['sendAway'] = (answer) => {
    for (const one of [lines.live, lines.replay]) one.sendAway(answer);
  };

  const pause = ({ until, reason }: Pause): void => {
    if (silence !== null && silence.until >= until) return;
    silence = { until, reason };
    sendAway({ kind: 'paused', until, reason });
  };

  const pauseEndpoints = (pauses: Readonly<Record<string, Pause>>): void => {
    for (const one of endpoints.hear(pauses)) sendAway(one);
  };

  const lineOf = (lane: 'live' | 'replay'): Line =>
    line({
      take: async (count) => {
        const taken = await takeSlots(pool, { account: name, lane, count }, budget);
        if (taken.kind === 'slots') pauseEndpoints(taken.endpoints);
        return taken;
      },
      short: used,
      paused: pause,
      told,
      window,
      now,
    });
  const lines = { live: lineOf('live'), replay: lineOf('replay') };

  return {
    pause,
    pauseEndpoints,
    slot: async (lane: 'live' | 'replay', signal: AbortSignal, endpoint?: string): Promise<Slot> => {
      if (silence !== null && silence.until > now()) return { kind: 'paused', ...silence };
      return endpoints.answer(endpoint) ?? lines[lane].stand(signal, endpoint);
    },
  };
}
