import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS, nodeEnvironment } from '#local/node-options.mjs';
import { benchOptions } from '#test/bench/support/arguments.ts';
import { type BenchPlatform, startBenchPlatform } from '#test/bench/support/platform.ts';
import { measured, printReport, promised, type Row } from '#test/bench/support/report.ts';
import { ingestedOf } from '#test/support/pipeline.ts';
import { runChild } from '#test/support/processes.ts';
import { playlistOf } from './ingest/files.ts';

/** In how much memory a playlist goes in, small and as large as is allowed. Exit 1 when a promise is broken. */

const MB = 1024 * 1024;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHILD = fileURLToPath(new URL('./ingest/child.ts', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const { tracks, json } = benchOptions({ tracks: 100_000 });
/** Most memory by rows, in MB: what Node and the clients take by themselves is about 140. */
const SIZES = [
  [tracks / 100, 200],
  [tracks / 10, 200],
  [tracks, 350],
] as const;

async function ingested(platform: BenchPlatform, file: string, rows: number, mostMb: number): Promise<readonly Row[]> {
  const began = performance.now();
  const env = nodeEnvironment(ROOT, { ...platform.env });
  const { exit, out, err } = await runChild([...NODE_FLAGS, CHILD, file], env);
  const seconds = (performance.now() - began) / 1_000;
  if (exit !== 0) throw new Error(`ingest ended with ${exit}:\n${err}`);
  const accepted = ingestedOf(out).flatMap(({ runs }) => runs.map((run) => run.accepted));
  const { maxRss } = JSON.parse(err.trimEnd().split('\n').at(-1) ?? '');
  const name = `${file.split('.').at(-1)}, ${rows} rows`;
  const max = maxRss / MB;
  return [
    promised(`${name}: accepted`, accepted[0] ?? 0, 'tracks', `${rows}`, accepted[0] === rows),
    promised('  most memory (RSS)', max, 'MB', `at most ${mostMb}`, max <= mostMb),
    measured('  from start to end', seconds, 's'),
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'linernotes-bench-'));
const platform = await startBenchPlatform(say);
let exit = 1;
try {
  const rows: Row[] = [];
  for (const format of ['json', 'csv'] as const)
    for (const [count, mostMb] of SIZES)
      rows.push(...(await ingested(platform, playlistOf(count, format, folder), count, mostMb)));
  rows.push(measured('load average at the end', loadavg()[0] ?? 0, 'processes'));
  exit = printReport('ingest', rows, json);
} finally {
  await platform.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(exit);
