import { loadavg } from 'node:os';
import { setTimeout as elapsed } from 'node:timers/promises';
import type { Pool } from 'pg';
import { registryCodec } from '#adapters/registry/source.ts';
import { replaysOn } from '#app/replay/replays.ts';
import { withConnections } from '#app/with-connections.ts';
import type { ReplayPort } from '#replay/replay-port.ts';
import type { ReplayStatus } from '#replay/status.ts';
import { benchBroker, seed, silentLog } from '#test/bench/chain/seed.ts';
import { benchOptions } from '#test/bench/support/arguments.ts';
import { type BenchPlatform, startBenchPlatform } from '#test/bench/support/platform.ts';
import { measured, printReport, promised, type Row } from '#test/bench/support/report.ts';
import { type Child, linernotes, startChild } from '#test/support/processes.ts';
import { within } from '#test/support/within.ts';
import { keepAnswers, knownOnes } from './replay/known.ts';
import { arrivals, liveTraffic, percentile } from './replay/live.ts';

/**
 * A replay of known tracks with `--force analytics` beside 50 live tracks a minute, Chartmetric at 25 calls a second, its worker
 * killed in the middle: what live tracks notice of it, and whether its calls are those that were planned. The whole of it takes forty
 * minutes; `--tracks 2000` eight. Exit 1 when a promise is broken.
 */

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { tracks, json } = benchOptions({ tracks: 20_000 });

const CHARTMETRIC = 25;
/** Enough that live tracks wait for nothing but what the replay shares with them. */
const OTHERS = { SPOTIFY_PER_SECOND: '50', MLC_PER_SECOND: '50', MUSICBRAINZ_PER_SECOND: '50' };
/** Long enough that the p95 rests on a dozen tracks. */
const BASELINE_MS = 240_000;
/** A worker that is killed is followed by one that has its partitions after the session timeout; so long live tracks wait for that. */
const OUTAGE_MS = 20_000;
const RUN = 'known';
/** From so many tracks on the kill weighs as little as it should. */
const WHOLE = 20_000;

const limits = { chartmetric: { windowMs: 1_000, calls: CHARTMETRIC, refusedCount: true } };

async function workerOn({ env }: BenchPlatform): Promise<Child> {
  const worker = startChild(linernotes('run', 'all'), { ...env, LOG_LEVEL: 'info', PORT: '0' });
  await worker.says('metrics and health are served');
  return worker;
}

const countOf = async (pool: Pool, text: string): Promise<number> => (await pool.query(text)).rows[0]?.n ?? 0;

async function untilKnown(pool: Pool): Promise<void> {
  const complete = `select count(*) as n from tracks where status = 'complete'`;
  await within(
    async () => (await countOf(pool, complete)) >= tracks,
    900_000,
    () => `${tracks} known tracks`,
  );
}

/** Follows a replay to its end; the worker is killed once half of it is through. */
async function followed(replays: ReplayPort, id: string, kill: () => Promise<void>): Promise<ReplayStatus> {
  let killed = false;
  for (let look = 0; ; look += 1) {
    const status = await replays.one(id);
    if (status === null) throw new Error(`Replay ${id} is gone.`);
    if (look % 30 === 0)
      say(`  ${status.complete} of ${status.plan.tracks} through, ${JSON.stringify(status.calls)} calls`);
    if (status.state === 'ended') return status;
    if (!killed && status.complete >= tracks / 2) {
      killed = true;
      await kill();
    }
    await elapsed(1_000);
  }
}

const IDS = `
  select isrc as key from tracks where track_id in (select track_id from run_tracks where run_id = $1)
  union select sections #>> '{analytics,identity,value,chartmetricId}' from tracks
  where track_id in (select track_id from run_tracks where run_id = $1)`;

/** Calls to Chartmetric for what the replay asks for; live tracks ask for others, some of which they share. */
async function callsFor(replayId: string, { sandbox }: BenchPlatform, pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ key: string }>(IDS, [replayId]);
  const own = new Set(rows.map(({ key }) => key));
  const endpoints = Object.keys(sandbox.calls().providers.chartmetric?.endpoints ?? {});
  const asked = endpoints.flatMap((endpoint) => Object.entries(sandbox.idsAsked('chartmetric', endpoint)));
  return asked.reduce((sum, [key, times]) => sum + (own.has(key) ? times : 0), 0);
}

async function measure(platform: BenchPlatform, pool: Pool, replays: ReplayPort): Promise<readonly Row[]> {
  const broker = benchBroker(platform);
  const codec = registryCodec({ url: platform.registryUrl, log: silentLog });
  const traffic = liveTraffic(broker, codec, Math.ceil(tracks / 10) + 500);
  const known = knownOnes(tracks, RUN, Date.now());
  await keepAnswers(pool, known);
  await seed(platform, ['tracks.raw'], tracks, known.trackOf);
  let worker = await workerOn(platform);
  await untilKnown(pool);
  say(`${tracks} tracks are known; load ${loadavg()[0]?.toFixed(1)}`);

  const before = await traffic.during(elapsed(BASELINE_MS));
  const reached = await arrivals(broker, new Set(before.keys()), 120_000);
  const alone = [...before].map(([id, at]) => ((reached.get(id) ?? at) - at) / 1_000);
  say(`${alone.length} live tracks without a replay`);

  platform.sandbox.resetCalls();
  const request = { run: RUN, force: ['analytics' as const] };
  const started = await replays.start(request, { by: 'bench', reason: null }, new AbortController().signal);
  if ('wrong' in started) throw new Error(started.wrong);
  const planned = started.plan.providers.find(({ provider }) => provider === 'chartmetric')?.calls ?? 0;
  const begun = performance.now();
  let killedAt = 0;
  const end = followed(replays, started.replayId, async () => {
    await worker.kill();
    killedAt = Date.now();
    worker = await workerOn(platform);
    say('  the worker was killed and another started');
  });
  const beside = await traffic.during(end);
  const status = await end;
  const seconds = (performance.now() - begun) / 1_000;
  const came = await arrivals(broker, new Set(beside.keys()), 120_000);
  const latency = [...beside].map(([id, at]) => ({ at, seconds: ((came.get(id) ?? at) - at) / 1_000 }));
  const calls = await callsFor(started.replayId, platform, pool);
  await worker.stop();
  const counted = (await replays.one(started.replayId))?.calls['chartmetric'] ?? 0;
  await broker.close();

  const calm = latency.filter(({ at }) => at < killedAt - OUTAGE_MS || at > killedAt + OUTAGE_MS);
  return [
    ...truthRows(
      status,
      await countOf(pool, `select count(*) as n from run_tracks where run_id = '${started.replayId}'`),
    ),
    ...callRows(planned, calls, counted),
    ...latencyRows(
      alone,
      calm.map((one) => one.seconds),
      latency.map((one) => one.seconds),
    ),
    measured('the replay took', seconds, 's'),
    measured('  planned, nobody else asking', started.plan.seconds.alone, 's'),
    measured('live tracks beside it', beside.size, 'tracks'),
  ];
}

const truthRows = ({ sent, complete }: ReplayStatus, arrived: number): readonly Row[] => [
  promised('tracks that were sent', sent, 'tracks', `${tracks}`, sent === tracks),
  promised('tracks that came through', complete, 'tracks', `${tracks}`, complete === tracks && arrived === tracks),
];

const callRows = (planned: number, made: number, counted: number): readonly Row[] => [
  measured('calls planned', planned, 'calls'),
  promised('calls made', made, 'calls', `${planned} ± 1 %`, Math.abs(made - planned) <= planned * 0.01),
  measured('  as its status tells (a killed process forgets those of its last second)', counted, 'calls'),
];

function latencyRows(alone: readonly number[], calm: readonly number[], all: readonly number[]): readonly Row[] {
  const before = percentile(alone, 0.95);
  const grown = (seconds: readonly number[]): number => (percentile(seconds, 0.95) / before - 1) * 100;
  const withKill =
    tracks >= WHOLE
      ? promised('  the kill included', grown(all), '%', 'at most 20', grown(all) <= 20)
      : measured('  the kill included (few live tracks: the outage weighs more)', grown(all), '%');
  return [
    measured('live tracks without a replay, p50', percentile(alone, 0.5), 's'),
    measured('  p95', before, 's'),
    measured('live tracks beside the replay, p50', percentile(calm, 0.5), 's'),
    measured('  p95', percentile(calm, 0.95), 's'),
    promised('p95 grows by', grown(calm), '%', 'at most 20', grown(calm) <= 20),
    withKill,
  ];
}

const platform = await startBenchPlatform(say, {
  limits,
  env: { ...OTHERS, CHARTMETRIC_PER_SECOND: String(CHARTMETRIC), CREDITS_SCRAPE: 'off' },
});
let exit = 1;
try {
  const done = await withConnections(platform.env, 'bench', async (connections, config) => {
    const replays = replaysOn(connections, config);
    try {
      return await measure(platform, connections.pool, replays);
    } finally {
      await replays.close();
    }
  });
  if ('problems' in done) throw new Error(JSON.stringify(done.problems));
  exit = printReport(
    'replay',
    [...done.answer, measured('load average at the end', loadavg()[0] ?? 0, 'processes')],
    json,
  );
} finally {
  await platform.stop();
}
process.exit(exit);
