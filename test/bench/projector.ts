import { loadavg } from 'node:os';
import { openPool } from '#adapters/postgres/pool.ts';
import { registryCodec } from '#adapters/registry/source.ts';
import { eventOf } from '#track/event.ts';
import { PHASES } from '#track/phase.ts';
import type { PhaseReport, Reports } from '#track/report.ts';
import { PIPELINE_TOPICS } from '#track/topology.ts';
import { knownTracks } from './chain/known-tracks.ts';
import { benchBroker, silentLog } from './chain/seed.ts';
import { benchOptions } from './support/arguments.ts';
import { runMeasured } from './support/measured-process.ts';
import { type BenchPlatform, startBenchPlatform } from './support/platform.ts';
import { measured, printReport, promised } from './support/report.ts';

/**
 * How fast the projector catches up with a log of tracks that came through the whole chain: `--tracks N` for N records of each of
 * the six topics. Exit 1 when a row is missing.
 */

const MB = 1024 * 1024;
const AT_ONCE = 250;
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const { tracks, json, profile } = benchOptions({ tracks: 5_000 });
const total = tracks * PIPELINE_TOPICS.length;
const now = Date.now();
const trackOf = knownTracks('bench', now);

/** As after so many phases. */
function reportsAfter(phases: number): Reports {
  const report = (index: number): PhaseReport | null =>
    index < phases ? { status: 'enriched', at: now + index, code: null, attempts: 1, confirmedAt: null } : null;
  return Object.fromEntries(PHASES.map((phase, index) => [phase, report(index)])) as Reports;
}

async function fill(platform: BenchPlatform): Promise<void> {
  const broker = benchBroker(platform);
  const codec = registryCodec({ url: platform.registryUrl, log: silentLog });
  for (const [place, topic] of PIPELINE_TOPICS.entries())
    for (let from = 0; from < tracks; from += AT_ONCE) {
      const numbers = Array.from({ length: Math.min(AT_ONCE, tracks - from) }, (_, n) => from + n);
      const records = numbers.map(async (n) => {
        const raw = trackOf(n);
        const event = { ...eventOf(raw.track, raw), reports: reportsAfter(place) };
        const value = await codec.encode(topic, place === 0 ? raw : event);
        if (!value.ok) throw new Error(value.failure.message);
        const headers = { 'run-id': raw.runId };
        return { topic, partition: null, key: Buffer.from(raw.track), value: value.value, headers };
      });
      await broker.produce(await Promise.all(records));
    }
  await broker.close();
}

const platform = await startBenchPlatform(say);
const pool = openPool({ url: platform.env['DATABASE_URL'] ?? '', max: 1, name: 'bench', onLost: () => undefined });
try {
  await fill(platform);
  say(`${total} records stand on six topics; load ${loadavg()[0]?.toFixed(1)}`);
  const ran = await runMeasured(new URL('projector/worker.ts', import.meta.url), {
    lastStep: 'applied',
    total,
    profileIn: profile ? '.linernotes/profiles' : null,
    progress: (line) => say(`  applied: ${line}`),
    env: platform.env,
  });
  const { rows } = await pool.query<{ complete: number }>(
    `select count(*) as complete from tracks where status = 'complete'`,
  );
  const complete = rows[0]?.complete ?? 0;
  process.exitCode = printReport(
    'projector',
    [
      measured('records', total, 'records'),
      promised('rows of complete tracks', complete, 'rows', `${tracks}`, complete === tracks),
      measured('catching up', total / ran.seconds, 'records/s'),
      measured('  CPU of the process, a record', (ran.cpu * 1e6) / total, 'µs'),
      measured('most memory (RSS)', ran.maxRss / MB, 'MB'),
      measured('load average at the end', loadavg()[0] ?? 0, 'processes'),
    ],
    json,
  );
} finally {
  await pool.end();
  await platform.stop();
}
process.exit();
