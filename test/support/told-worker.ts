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
import type { Message } from '#stream/message.ts';
import { forward, type Outcome, retry } from '#stream/outcome.ts';
import { failed, ok } from '#stream/result.ts';
import { runStage } from '#stream/run-stage.ts';
import type { Stage } from '#stream/stage.ts';

// A worker with a stage whose handler does to itself what a record tells it: `node told-worker.ts GROUP`. It reads
// `<group>.in` and writes `<group>.out`; the values are JSON. It runs until it is killed, by itself or by a signal.

const silent = (): void => undefined;
const [, , group = ''] = process.argv;
const { KAFKA_BROKERS = '', DATABASE_URL = '', KAFKA_SESSION_TIMEOUT_MS = '6000' } = process.env;

const told = z.object({
  id: z.string(),
  does: z.enum(['kill', 'throw', 'repeat', 'grow', 'falter', 'stall', 'count']).optional(),
});
/** What a record tells the handler to do to itself. */
export type Told = z.infer<typeof told>;

/** What goes on of a record. */
type Done = { readonly id: string; readonly failed?: string; readonly filling?: string; readonly tries?: number };

/** More than a topic takes whose size nobody set. */
const TOO_MUCH = 2_000_000;

/** How often this process was handed each record. */
const handed = new Map<string, number>();

function outcomesOf({ event: { id, does } }: Message<Told>): Outcome<Done>[] {
  const tries = (handed.get(id) ?? 0) + 1;
  handed.set(id, tries);
  if (does === 'kill') process.kill(process.pid, 'SIGKILL');
  if (does === 'throw') throw new Error('told to throw');
  if (does === 'stall' || (does === 'falter' && tries === 1))
    return [retry(failure('TIMEOUT', 'told to take too long'))];
  if (does === 'falter' || does === 'count') return [forward({ id, tries })];
  if (does === 'grow') return [forward({ id, filling: 'x'.repeat(TOO_MUCH) })];
  return Array.from({ length: does === 'repeat' ? 2 : 1 }, () => forward({ id }));
}

const stage: Stage<Told, Done> = {
  name: 'told',
  group,
  from: `${group}.in`,
  to: `${group}.out`,
  toReplay: `${group}.out`,
  input: told,
  batch: { max: 100, lingerMs: 50 },
  retry: { attempts: 3, baseMs: 10, maxMs: 100 },
  patienceMs: 1_000,
  limits: { bypass: { most: 50, of: 200, probeMs: 1_000 }, halt: { most: 100, of: 1_000 } },
  handle: async (batch) => batch.flatMap(outcomesOf),
  giveUp: ({ event: { id } }, { code }) => ({ id, failed: code }),
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
