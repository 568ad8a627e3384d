import { setTimeout as sleepUntil } from 'node:timers/promises';
import { z } from 'zod';
import { kafkaBroker } from '#adapters/kafka/broker.ts';
import { postgresBypasses } from '#adapters/postgres/bypasses.ts';
import { postgresClock } from '#adapters/postgres/clock.ts';
import { postgresHalts } from '#adapters/postgres/halts.ts';
import { postgresPauses } from '#adapters/postgres/pauses.ts';
import { openPool } from '#adapters/postgres/pool.ts';
import { postgresSeenGroups } from '#adapters/postgres/seen-groups.ts';
import { postgresStarts } from '#adapters/postgres/starts.ts';
import { failure } from '#stream/failure.ts';
import { forward } from '#stream/outcome.ts';
import { failed, ok } from '#stream/result.ts';
import { runStage } from '#stream/run-stage.ts';
import type { Stage } from '#stream/stage.ts';

// A worker with a stage whose handler kills its process on one record: `node killer-worker.ts GROUP`. It reads
// `<group>.in` and writes `<group>.out`; the values are JSON. It runs until it is killed, by itself or by a signal.

const silent = (): void => undefined;
const [, , group = ''] = process.argv;
const { KAFKA_BROKERS = '', DATABASE_URL = '', KAFKA_SESSION_TIMEOUT_MS = '6000' } = process.env;

const value = z.object({ id: z.string() });
type Value = z.infer<typeof value>;

const stage: Stage<Value, Value> = {
  name: 'killer',
  group,
  from: `${group}.in`,
  to: `${group}.out`,
  toReplay: `${group}.out`,
  input: value,
  batch: { max: 100, lingerMs: 50 },
  retry: { attempts: 3, baseMs: 10, maxMs: 100 },
  patienceMs: 1_000,
  limits: { bypass: { most: 50, of: 200, probeMs: 1_000 }, halt: { most: 100, of: 1_000 } },
  handle: async (batch) => {
    if (batch.some(({ event }) => event.id === 'killer')) process.kill(process.pid, 'SIGKILL');
    return batch.map(({ event }) => forward(event));
  },
  giveUp: ({ event }) => event,
  keyOf: ({ id }) => id,
};

const pool = openPool({ url: DATABASE_URL, max: 4, name: group, onLost: silent });
const timeoutMs = Number(KAFKA_SESSION_TIMEOUT_MS);
const broker = kafkaBroker({
  brokers: KAFKA_BROKERS.split(','),
  clientId: group,
  log: { debug: silent, info: silent, warn: silent, error: silent },
  sessionTimeoutMs: timeoutMs,
  rebalanceTimeoutMs: timeoutMs,
});

const parsed = (bytes: Buffer | null) => {
  try {
    return ok<unknown>(JSON.parse(String(bytes)));
  } catch {
    return failed(failure('UNDECODABLE', 'no JSON'));
  }
};

const running = await runStage(stage, {
  subscribe: broker.subscribe,
  openWriter: broker.openWriter,
  range: broker.range,
  seen: postgresSeenGroups(pool),
  decode: async (_topic, bytes) => parsed(bytes),
  encode: async (_topic, event) => ok(Buffer.from(JSON.stringify(event))),
  clock: postgresClock(pool),
  starts: postgresStarts(pool),
  pauses: postgresPauses(pool),
  bypasses: postgresBypasses(pool),
  halts: postgresHalts(pool),
  observe: silent,
  log: (level, event, fields) => void process.stderr.write(`${level} ${event} ${JSON.stringify(fields)}\n`),
  random: Math.random,
  sleep: (ms, signal) => sleepUntil(ms, undefined, { signal }),
  stopwatch: () => performance.now(),
  codeVersion: 'test',
  maxBytes: () => 1_000_000,
});
await running.ended;
