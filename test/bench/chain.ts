import { loadavg } from 'node:os';
import { onCluster } from '#app/topics/cluster.ts';
import { benchOptions } from '#test/bench/support/arguments.ts';
import { type Measured, rssAt, runMeasured, untilDone } from '#test/bench/support/measured-process.ts';
import { type BenchPlatform, startBenchPlatform } from '#test/bench/support/platform.ts';
import { measured, printReport, promised, type Row } from '#test/bench/support/report.ts';
import { PHASES } from '#track/phase.ts';
import { knownTracks } from './chain/known-tracks.ts';
import { seed } from './chain/seed.ts';
import { type Verified, verifyComplete } from './chain/verify.ts';

/**
 * How fast, and in how much memory, tracks of which everything is known pass all five stages in one process, beside five hops of
 * plain kafkajs. Exit 1 when a promise is broken: each track once, nobody asked, memory flat below its limit.
 */

const MB = 1024 * 1024;
const MAX_RSS_MB = 350;
const LAST_HOP = String(PHASES.length - 1);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const { tracks, json, profile } = benchOptions({ tracks: 100_000 });
const profileIn = profile ? '.linernotes/profiles' : null;
const run = { lastStep: 'analytics', total: tracks, profileIn, progress: (line: string) => say(`  complete: ${line}`) };
const trackOf = knownTracks('bench', Date.now());

async function chain(platform: BenchPlatform): Promise<readonly Row[]> {
  const bytes = await seed(platform, ['tracks.raw'], tracks, trackOf);
  say(`${tracks} known tracks of ${Math.round(bytes)} bytes stand on tracks.raw; load ${loadavg()[0]?.toFixed(1)}`);
  platform.sandbox.resetCalls();
  const ran = await runMeasured(new URL('chain/worker.ts', import.meta.url), { ...run, env: platform.env });
  const calls = Object.values(platform.sandbox.calls().providers).reduce((sum, { calls: of }) => sum + of, 0);
  return [
    measured('size of a raw event', bytes, 'bytes'),
    ...truthRows(await verifyComplete(platform), calls),
    ...memoryRows(ran),
    measured('chain, end to end', tracks / ran.seconds, 'tracks/s'),
    measured('  CPU of a record in a stage', cpuOf(ran, tracks), 'µs'),
    measured('  all stages together', (PHASES.length * tracks) / ran.seconds, 'records/s'),
    ...PHASES.map((phase) =>
      measured(`  ${phase}`, tracks / untilDone(ran.samples, phase, tracks).seconds, 'records/s'),
    ),
  ];
}

/** What the load of the machine does not change much: microseconds of CPU for one record in one hop. */
const cpuOf = ({ cpu }: Measured, count: number): number => (cpu * 1e6) / (count * PHASES.length);

function truthRows({ events, tracks: complete, others }: Verified, calls: number): readonly Row[] {
  for (const [what, count] of Object.entries(others)) say(`reports other than known: ${what} ${count}`);
  const wrong = Object.values(others).reduce((sum, count) => sum + count, 0);
  return [
    promised('tracks on tracks.complete', complete, 'tracks', `${tracks}`, complete === tracks),
    promised('events beyond one a track', events - complete, 'events', '0', events === complete),
    promised('reports other than known', wrong, 'reports', '0', wrong === 0),
    promised('calls to providers', calls, 'calls', '0', calls === 0),
  ];
}

function memoryRows({ maxRss, samples }: Measured): readonly Row[] {
  const at = (share: number): number => rssAt(samples, 'analytics', tracks * share) / MB;
  const max = maxRss / MB;
  return [
    promised('most memory (RSS)', max, 'MB', `at most ${MAX_RSS_MB}`, max <= MAX_RSS_MB),
    measured('memory at 20 % of the tracks', at(0.2), 'MB'),
    measured('memory at 100 % of the tracks', at(1), 'MB'),
  ];
}

/** Plain kafkajs over the first of the same records: it is slow, so it gets fewer. */
async function naive(platform: BenchPlatform, sends: 'message' | 'batch', count: number): Promise<readonly Row[]> {
  const topics = Array.from({ length: PHASES.length + 1 }, (_, hop) => `naive.${sends}.${hop}`);
  await onCluster(platform.brokers.join(','), say, (admin) =>
    admin.create(topics.map((name) => ({ name, partitions: 6, replication: 1, config: {} }))),
  );
  await seed(platform, topics.slice(0, 1), count, trackOf);
  const ran = await runMeasured(new URL('chain/naive.ts', import.meta.url), {
    ...run,
    lastStep: LAST_HOP,
    total: count,
    env: { ...platform.env, NAIVE_TOPICS: topics.join(','), NAIVE_SENDS: sends },
  });
  const name = `plain kafkajs, five hops, one send a ${sends}`;
  return [
    measured(`${name} (${count} tracks)`, count / ran.seconds, 'tracks/s'),
    measured('  CPU of a record in a hop', cpuOf(ran, count), 'µs'),
    measured('  its memory (RSS)', ran.maxRss / MB, 'MB'),
  ];
}

const platform = await startBenchPlatform(say);
let exit = 1;
try {
  const rows = [
    ...(await chain(platform)),
    ...(await naive(platform, 'message', Math.ceil(tracks / 20))),
    ...(await naive(platform, 'batch', Math.ceil(tracks / 5))),
    measured('load average at the end', loadavg()[0] ?? 0, 'processes'),
  ];
  exit = printReport('chain', rows, json);
} finally {
  await platform.stop();
}
process.exit(exit);
