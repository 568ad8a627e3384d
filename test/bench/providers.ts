import { openPool } from '#adapters/postgres/pool.ts';
import { benchOptions } from '#test/bench/support/arguments.ts';
import { startFleet } from '#test/bench/support/fleet.ts';
import { type BenchPlatform, startBenchPlatform } from '#test/bench/support/platform.ts';
import { measured, printReport, promised, type Row } from '#test/bench/support/report.ts';
import { seed } from './chain/seed.ts';
import { firstRows, refreshRows, secondRows } from './providers/bill.ts';
import { MIX, type Mix, mixedTracks } from './providers/mix.ts';

/**
 * How many calls a thousand tracks cost, by one process and by three, with the providers' limits on: new tracks, the same tracks
 * again, and again when Chartmetric's numbers are a day old. Exit 1 when a promise is broken.
 */

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const TRACKS = 1_000;
const PER_SECOND = { chartmetric: 25, mlc: 10, musicbrainz: 5 };
const { json } = benchOptions({ tracks: TRACKS });

const budgets = Object.fromEntries(
  Object.entries(PER_SECOND).map(([name, calls]) => [`${name.toUpperCase()}_PER_SECOND`, String(calls)]),
);
const limits = {
  chartmetric: { windowMs: 1_000, calls: PER_SECOND.chartmetric, refusedCount: true },
  mlc: { windowMs: 1_000, calls: PER_SECOND.mlc, refusedCount: false },
  musicbrainz: { windowMs: 1_000, calls: PER_SECOND.musicbrainz, refusedCount: false },
};

const { counts, trackOf } = mixedTracks(Date.now());

const mixRows = (): readonly Row[] =>
  (Object.keys(MIX) as (keyof Mix)[]).map((name) =>
    promised(`mix, ${name}`, counts[name], '', `${MIX[name]} ± 3 %`, Math.abs(counts[name] / MIX[name] - 1) <= 0.03),
  );

/** Puts the tracks into the backlog, starts the processes, and returns when all tracks are complete. */
async function pass(platform: BenchPlatform, processes: number, name: string): Promise<readonly Row[]> {
  await seed(platform, ['tracks.raw'], TRACKS, trackOf(`${name}-${processes}`));
  platform.sandbox.resetCalls();
  const begun = performance.now();
  const fleet = await startFleet(new URL('chain/worker.ts', import.meta.url), processes, platform.env);
  await fleet.until('analytics', TRACKS);
  const seconds = (performance.now() - begun) / 1_000;
  await fleet.stop();
  const calls = platform.sandbox.calls();
  say(`${name}, ${processes} processes: ${JSON.stringify(calls.providers)}`);
  const { total } = platform.sandbox.violations();
  if (total > 0) say(JSON.stringify(platform.sandbox.violations()));
  return [
    measured(`${name}, ${processes} process${processes === 1 ? '' : 'es'}`, seconds, 's'),
    promised('  broken limits', total, '', '0', total === 0),
  ];
}

async function measure(platform: BenchPlatform, processes: number): Promise<readonly Row[]> {
  const pool = openPool({ url: platform.env['DATABASE_URL'] ?? '', max: 1, name: 'bench', onLost: () => undefined });
  try {
    const first = [
      ...(await pass(platform, processes, 'new tracks')),
      ...firstRows(platform.sandbox.calls(), processes),
    ];
    const second = [...(await pass(platform, processes, 'the same again')), ...secondRows(platform.sandbox.calls())];
    await pool.query(`update linernotes.ledger set fetched_at = fetched_at - interval '25 hours'
      where provider = 'chartmetric' and kind = 'track'`);
    const refresh = [...(await pass(platform, processes, 'a day later')), ...refreshRows(platform.sandbox.calls())];
    await pool.query('truncate linernotes.ledger');
    return [...first, ...second, ...refresh];
  } finally {
    await pool.end();
  }
}

const platform = await startBenchPlatform(say, { limits, env: { ...budgets, CREDITS_SCRAPE: 'off' } });
let exit = 1;
try {
  const rows = [...mixRows(), ...(await measure(platform, 1)), ...(await measure(platform, 3))];
  exit = printReport('providers', rows, json);
} finally {
  await platform.stop();
}
process.exit(exit);
