import { setTimeout as elapsed } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { openPool } from '#adapters/postgres/pool.ts';
import { prepareDatabase } from '#adapters/postgres/prepare.ts';
import { sandboxEnvironment } from '#sandbox/command.ts';
import { type ProviderName, providerNames } from '#sandbox/http/route.ts';
import { type Sandbox, startSandbox } from '#sandbox/start.ts';
import { type Fleet, startFleet } from '#test/bench/support/fleet.ts';
import { measured, printReport, promised, type Row } from '#test/bench/support/report.ts';
import { loneService } from '#test/support/lone-service.ts';

/**
 * How much of each provider's quota is used by processes that always have more to ask, and whether a limit is broken: one process
 * on one database, and three on another of which one is killed and one is stopped for a while. Exit 1 when a promise is broken.
 */

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '12' }, json: { type: 'boolean' } } });
const MINUTE = 60_000;
const minutes = Number(values.minutes);
if (!(minutes >= 1)) {
  say(`--minutes ${values.minutes}: say how many, from 1.`);
  process.exit(2);
}
/** Until then Spotify's limit is looked for. */
const FOUND_AFTER_MS = Math.min(4, minutes / 2) * MINUTE;
const STOPPED_MS = 5_000;
const WARM_UP_MS = 3_000;

/** The limits, what of them is to be used, and how the provider is told of in the report. Spotify's is not known to the processes. */
const PLANS = {
  spotify: { limit: { windowMs: 30_000, calls: 90, refusedCount: false, penaltyMs: 5_000 }, least: 0.85 },
  mlc: { limit: { windowMs: 10_000, calls: 100, refusedCount: false }, least: 0.95 },
  musicbrainz: { limit: { windowMs: 1_000, calls: 1, refusedCount: false }, least: 0.9 },
  chartmetric: { limit: { windowMs: 1_000, calls: 25, refusedCount: true }, least: 0.95 },
} as const;
type Planned = keyof typeof PLANS;
const NAMES = Object.keys(PLANS) as Planned[];

const BUDGETS = {
  SPOTIFY_PER_SECOND: '2',
  MLC_PER_SECOND: '10',
  MUSICBRAINZ_PER_SECOND: '1',
  CHARTMETRIC_PER_SECOND: '25',
  CREDITS_SCRAPE: 'off',
};

type Reading = { readonly at: number; readonly answered: Readonly<Record<Planned, { good: number; refused: number }>> };

/** What the sandbox has answered until now: in time, and refused for being too much. */
function readingOf(sandbox: Sandbox): Reading {
  const { providers } = sandbox.calls();
  const of = (name: ProviderName) => {
    const statuses = Object.entries(providers[name]?.endpoints ?? {}).flatMap(([endpoint, { statuses: by }]) =>
      endpoint === 'token' ? [] : Object.entries(by),
    );
    const sum = (refused: boolean): number =>
      statuses.reduce((all, [status, calls]) => (['429', '503'].includes(status) === refused ? all + calls : all), 0);
    return { good: sum(false), refused: sum(true) };
  };
  return {
    at: performance.now(),
    answered: {
      spotify: of('spotify'),
      mlc: of('mlc'),
      musicbrainz: of('musicbrainz'),
      chartmetric: of('chartmetric'),
    },
  };
}

function useRows(from: Reading, to: Reading, name: Planned): readonly Row[] {
  const { limit, least } = PLANS[name];
  const may = (limit.calls / limit.windowMs) * (to.at - from.at);
  const use = (to.answered[name].good - from.answered[name].good) / may;
  const plan = `${limit.calls} in ${limit.windowMs / 1_000} s`;
  return [
    promised(`  ${name}, of ${plan}`, use * 100, '%', `≥ ${least * 100}`, use >= least),
    measured('    refused calls', to.answered[name].refused - from.answered[name].refused, 'calls'),
  ];
}

/** Calls that are refused together are one refusal. */
function refusalRow(moments: readonly number[], from: Reading, to: Reading): Row {
  const most = Math.ceil((to.at - from.at) / (5 * MINUTE));
  return promised('    times refused', moments.length, '', `≤ ${most}, one in 5 minutes`, moments.length <= most);
}

/** Broken limits, by provider. What is over Spotify's unpublished limit is told as refusals. */
function violationRows(sandbox: Sandbox, most: number): readonly Row[] {
  const { counts, violations } = sandbox.violations();
  const total = providerNames.reduce((all, name) => {
    const by = counts[name] ?? {};
    const rules = name === 'spotify' ? { ...by, 'over-budget': 0 } : by;
    return all + Object.values(rules).reduce((sum, broken) => sum + broken, 0);
  }, 0);
  if (total > 0) say(JSON.stringify(violations.filter(({ provider }) => provider !== 'spotify')));
  return [promised('  broken limits', total, '', `≤ ${most}`, total <= most)];
}

/** Notes when Spotify's limit was met, from what the processes share. */
function watchRefusals(pool: Pool): { readonly since: (at: number) => readonly number[]; readonly stop: () => void } {
  const moments = new Set<number>();
  const look = async (): Promise<void> => {
    const { rows } = await pool.query<{ at: number | null }>(
      `select (learned -> 'refused' ->> 'at')::float8 as at from linernotes.governor where account = 'spotify'`,
    );
    if (rows[0]?.at != null) moments.add(rows[0].at);
  };
  const timer = setInterval(() => void look().catch(() => undefined), 1_000);
  return { since: (at) => [...moments].filter((moment) => moment >= at), stop: () => clearInterval(timer) };
}

/** Kills one process at a quarter of the time, and stops another for a while at half of it. */
async function disturb({ processes: [, killed, stopped] }: Fleet): Promise<void> {
  if (killed === undefined || stopped?.pid === undefined) return;
  await elapsed((minutes * MINUTE) / 4);
  killed.kill('SIGKILL');
  await elapsed((minutes * MINUTE) / 4);
  process.kill(stopped.pid, 'SIGSTOP');
  await elapsed(STOPPED_MS);
  process.kill(stopped.pid, 'SIGCONT');
}

/** Nothing is stopped before all have been measured: that holds up this process, where the providers' stand-ins count arrivals. */
const MEASUREMENTS = [1, 3] as const;
const allMeasured = Promise.withResolvers<void>();
const unmeasured = new Set<number>(MEASUREMENTS);
const isMeasured = (processes: number): void => {
  unmeasured.delete(processes);
  if (unmeasured.size === 0) allMeasured.resolve();
};

async function measure(processes: number): Promise<readonly Row[]> {
  const limits = Object.fromEntries(NAMES.map((name) => [name, PLANS[name].limit]));
  const sandbox = await startSandbox({ pace: 'zero', limits });
  const postgres = await loneService('postgres');
  const pool = openPool({ url: postgres.address, max: 1, name: 'bench', onLost: () => undefined });
  try {
    await prepareDatabase(pool);
    const env = { ...sandboxEnvironment(sandbox), ...BUDGETS, DATABASE_URL: postgres.address, LOG_LEVEL: 'warn' };
    const fleet = await startFleet(new URL('quota/worker.ts', import.meta.url), processes, env);
    const refusals = watchRefusals(pool);
    const disturbed = disturb(fleet);
    await elapsed(WARM_UP_MS);
    sandbox.resetCalls();
    const begun = readingOf(sandbox);
    await elapsed(FOUND_AFTER_MS);
    const found = { ...readingOf(sandbox), wall: Date.now() };
    await elapsed(minutes * MINUTE - FOUND_AFTER_MS);
    const end = readingOf(sandbox);
    const broken = violationRows(sandbox, processes === 1 ? 0 : 1);
    const held = refusals.since(found.wall);
    refusals.stop();
    isMeasured(processes);
    await Promise.all([disturbed, allMeasured.promise]);
    await fleet.stop();
    return [
      measured(
        processes === 1 ? '1 process' : `${processes} processes, one killed, one stopped for 5 s`,
        minutes,
        'minutes',
      ),
      ...NAMES.flatMap((name) => useRows(name === 'spotify' ? found : begun, end, name)),
      refusalRow(held, found, end),
      ...broken,
    ];
  } finally {
    isMeasured(processes);
    await pool.end();
    await postgres.stop();
    await sandbox.stop();
  }
}

const measurements = await Promise.all(MEASUREMENTS.map(measure));
process.exit(printReport('quota', measurements.flat(), values.json === true));
