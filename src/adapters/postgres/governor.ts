import type { Pool } from 'pg';
import { type Budget, evenly } from '#providers/budget.ts';
import { beginRate, type LearnedRate, refusedRate, USED_EVERY_MS, usedRate } from '#providers/learned-rate.ts';
import type { Governor, Slot } from '#providers/ports.ts';
import { windowOf } from '#providers/window.ts';
import { type Line, line } from './governor-line.ts';
import { takeSlots } from './governor-slots.ts';
import { reaching } from './lost.ts';
import { inTransaction } from './transaction.ts';

const PAUSE = `
  insert into linernotes.governor as g (account, paused_until, pause_reason)
  values ($1, to_timestamp($2::float8 / 1000), $3)
  on conflict (account) do update set paused_until = excluded.paused_until, pause_reason = excluded.pause_reason
  where g.paused_until is null or g.paused_until < excluded.paused_until`;

const PAUSED = `
  select round(extract(epoch from paused_until) * 1000)::bigint as until, pause_reason as reason
  from linernotes.governor where account = $1 and paused_until > clock_timestamp()`;

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

type Pause = { readonly until: number; readonly reason: string };

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
    slot: async (name, lane, signal) => {
      const known = accounts.get(name);
      if (known === undefined) throw new Error(`the governor has no budget for ${name}`);
      return known.slot(lane, signal);
    },
    pause: async (name, until, reason) => {
      accounts.get(name)?.pause({ until, reason });
      await reaching(() => pool.query(PAUSE, [name, until, reason]));
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
    paused: async (name) => {
      const { rows } = await reaching(() => pool.query<Pause>(PAUSED, [name]));
      return rows[0] ?? null;
    },
  };
}

/** One account in this process: a line a lane, and the pause that it has heard of. */
function account(pool: Pool, name: string, budget: Budget, now: () => number) {
  let silence: Pause | null = null;
  let toldUsed = Number.NEGATIVE_INFINITY;
  const window = windowOf(budget);

  const used = (): void => {
    if (budget.learns !== true || now() - toldUsed < USED_EVERY_MS) return;
    toldUsed = now();
    // Only a step up: it is made the next time, or by another process.
    learn(pool, name, budget, usedRate).catch(() => undefined);
  };

  const pause = ({ until, reason }: Pause): void => {
    if (silence !== null && silence.until >= until) return;
    silence = { until, reason };
    for (const one of [lines.live, lines.replay]) one.sendAway({ kind: 'paused', until, reason });
  };

  const lineOf = (lane: 'live' | 'replay'): Line =>
    line({
      take: (count) => takeSlots(pool, { account: name, lane, count }, budget),
      short: used,
      paused: pause,
      window,
      now,
    });
  const lines = { live: lineOf('live'), replay: lineOf('replay') };

  return {
    pause,
    slot: async (lane: 'live' | 'replay', signal: AbortSignal): Promise<Slot> =>
      silence !== null && silence.until > now() ? { kind: 'paused', ...silence } : lines[lane].stand(signal),
  };
}
