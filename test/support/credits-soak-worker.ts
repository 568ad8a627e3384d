import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PAGE_READER_DEFAULTS, pageReader } from '#adapters/browser/page-reader.ts';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { memoryBypassStore } from '#adapters/memory/bypass-store.ts';
import { memoryGovernor } from '#adapters/memory/governor.ts';
import { memoryHaltStore } from '#adapters/memory/halt-store.ts';
import { memoryLedger } from '#adapters/memory/ledger.ts';
import { memoryPauseStore } from '#adapters/memory/pause-store.ts';
import { memoryPlaces } from '#adapters/memory/places.ts';
import { memorySeenGroups } from '#adapters/memory/seen-groups.ts';
import { memoryStartCounter } from '#adapters/memory/start-counter.ts';
import { bareEnvironment } from '#local/environment.ts';
import { creditsStage } from '#phases/credits/stage.ts';
import { PACE } from '#phases/shared/phase-stage.ts';
import { webPlayerClient } from '#providers/web-player/client.ts';
import { ok } from '#stream/result.ts';
import { runStage } from '#stream/run-stage.ts';
import { sendSamples } from '#test/bench/support/samples.ts';
import type { TrackEvent } from '#track/event.ts';
import { noHttp, providerPorts } from './providers.ts';
import { aTrackEvent } from './tracks.ts';

// The credits stage on the in-memory broker, with a browser of its own: reads the pages of the tracks that SOAK names, and tells how
// each ended.

const { webUrl, ids, tabs, chromium } = JSON.parse(process.env['SOAK'] ?? '{}');
const PARTITIONS = 4;

// A run is too short for V8 to find its size, and garbage is no leak.
setFlagsFromString('--expose_gc');
setInterval(runInNewContext('gc'), 1_000).unref();

const broker = memoryBroker();
const governor = memoryGovernor({ 'web-player': { perSecond: 1_000, burst: 1_000 } }, Date.now);
const pages = pageReader({
  ...PAGE_READER_DEFAULTS,
  executablePath: chromium.path,
  args: chromium.args,
  env: bareEnvironment(process.env),
  places: memoryPlaces(tabs),
});
// What a worker reads is kept in a database, not in the worker.
const ports = providerPorts(noHttp, { governor, now: Date.now, ledger: memoryLedger(100) });
const stage = creditsStage(webPlayerClient({ webUrl }, { ...ports, reader: pages.read }), PACE);
const [replay, letters] = [`${stage.group}.replay`, `${stage.group}.dlq`];
for (const topic of [stage.from, stage.to, stage.toReplay, replay, letters]) broker.createTopic(topic, PARTITIONS);
broker.produce(
  (ids as readonly string[]).map((trackId) => ({
    topic: stage.from,
    partition: null,
    key: Buffer.from(trackId),
    value: Buffer.from(JSON.stringify(aTrackEvent({ trackId }))),
    headers: {},
  })),
);

const done: Record<string, number> = { reported: 0, failed: 0, repeated: 0, letters: 0 };
const note = (event: TrackEvent): void => {
  const report = event.reports.credits;
  if (report === null) return;
  if (report.status === 'failed') done['failed'] = (done['failed'] ?? 0) + 1;
  if (report.attempts > 1) done['repeated'] = (done['repeated'] ?? 0) + 1;
  done['reported'] = (done['reported'] ?? 0) + 1;
};

const running = await runStage(stage, {
  subscribe: broker.subscribe,
  openWriter: broker.openWriter,
  decode: async (_, value) => ok(JSON.parse(value?.toString() ?? 'null')),
  encode: async (_, value) => ok(Buffer.from(JSON.stringify(value))),
  clock: async () => Date.now(),
  starts: memoryStartCounter(),
  pauses: memoryPauseStore(),
  bypasses: memoryBypassStore(),
  halts: memoryHaltStore(),
  range: broker.range,
  seen: memorySeenGroups(),
  observe: () => undefined,
  log: () => undefined,
  random: Math.random,
  sleep: (ms, signal) => pause(ms, undefined, { signal }),
  stopwatch: () => performance.now(),
  codeVersion: 'soak',
  maxBytes: () => 2_000_000,
});
running.ended.catch(() => process.exit(1));

const seen = new Set<string>();
const looking = setInterval(() => {
  for (const { partition, offset, value } of broker.records(stage.to)) {
    const place = `${partition} ${offset}`;
    if (seen.has(place)) continue;
    seen.add(place);
    note(JSON.parse(value?.toString() ?? 'null'));
  }
  done['letters'] = broker.records(letters).length;
}, 100);

sendSamples(done, async () => {
  clearInterval(looking);
  await running.drain(5_000);
  await pages.close();
});
