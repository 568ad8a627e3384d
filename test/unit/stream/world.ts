import { z } from 'zod';
import { memoryBroker } from '#adapters/memory/broker.ts';
import { memoryBypassStore } from '#adapters/memory/bypass-store.ts';
import { memoryHaltStore } from '#adapters/memory/halt-store.ts';
import { memoryPauseStore } from '#adapters/memory/pause-store.ts';
import { memorySeenGroups } from '#adapters/memory/seen-groups.ts';
import { memoryStartCounter } from '#adapters/memory/start-counter.ts';
import { type FailureCode, failure } from '#stream/failure.ts';
import type { LogFields, LogLevel } from '#stream/log.ts';
import type { MetricName } from '#stream/metrics.ts';
import { forward } from '#stream/outcome.ts';
import type { Decode, Encode } from '#stream/ports.ts';
import type { Headers, StoredRecord } from '#stream/record.ts';
import { failed, ok } from '#stream/result.ts';
import { type Running, runStage } from '#stream/run-stage.ts';
import type { Stage } from '#stream/stage.ts';
import type { StagePorts } from '#stream/stage-ports.ts';

/** What the guide's stage takes and gives: a word, and the word with what the stage says of it. */
export type Word = { readonly word: string };
export type Said = { readonly word: string; readonly said: string };

export const START = Date.parse('2026-01-01T00:00:00.000Z');
export const at = (ms: number): string => new Date(START + ms).toISOString();

/** A stage that forwards every word as `ok`, with whatever a chapter wants otherwise. */
export const stageOf = (differently: Partial<Stage<Word, Said>> = {}): Stage<Word, Said> => ({
  name: 'words',
  group: 'g.words',
  from: 'words.in',
  to: 'words.out',
  toReplay: 'g.next.replay',
  input: z.object({ word: z.string() }),
  batch: { max: 10, lingerMs: 0 },
  retry: { attempts: 3, baseMs: 100, maxMs: 1_000 },
  patienceMs: 60_000,
  limits: { bypass: { most: 10, of: 20, probeMs: 30_000 }, halt: { most: 10, of: 20 } },
  handle: async (batch) => batch.map(({ event }) => forward({ word: event.word, said: 'ok' })),
  giveUp: ({ event }, { code }) => ({ word: event.word, said: `failed ${code}` }),
  keyOf: ({ word }) => word,
  ...differently,
});

/** Values are JSON here. `!unencodable` cannot be written; `?…` bears a schema id nobody knows. */
const decode: Decode = async (_topic, value) => {
  const text = value?.toString() ?? '';
  if (text.startsWith('?')) return failed(failure('UNKNOWN_SCHEMA', `Schema ${text} is not known.`));
  try {
    return ok(JSON.parse(text));
  } catch {
    return failed(failure('UNDECODABLE', `${text.length} bytes that are no value.`));
  }
};
const encode: Encode = async (_topic, value) =>
  JSON.stringify(value).includes('!unencodable')
    ? failed(failure('BUG', 'The value does not fit its schema.'))
    : ok(Buffer.from(JSON.stringify(value)));

/** Time that passes only when everybody sleeps, and then at once up to the first who wakes. */
function virtualTime() {
  let now = START;
  const sleepers = new Set<{ due: number; wake: () => void }>();
  const pass = (): void => {
    const [first] = [...sleepers].toSorted((a, b) => a.due - b.due);
    if (first === undefined) return;
    sleepers.delete(first);
    now = Math.max(now, first.due);
    first.wake();
  };
  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper = { due: now + ms, wake: resolve };
      sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        sleepers.delete(sleeper);
        reject(signal.reason);
      });
      setImmediate(() => setImmediate(pass));
    });
  return {
    sleep,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** Waits until something holds, turn by turn; fails loudly when it never does. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 1_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Never came true: ${holds}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export type Logged = { readonly level: LogLevel; readonly event: string; readonly fields: LogFields };

/** A broker with the guide's topics, time of its own, and everything that the engine tells. */
export function world(partitions = 1) {
  const time = virtualTime();
  const broker = memoryBroker({ now: time.now, sessionTimeoutMs: 1 });
  for (const topic of ['words.in', 'words.out', 'g.words.replay', 'g.words.dlq', 'g.next.replay'])
    broker.createTopic(topic, partitions);
  const logged: Logged[] = [];
  const observed = new Map<string, number>();
  const slept: number[] = [];
  const stores = {
    starts: memoryStartCounter(),
    pauses: memoryPauseStore(),
    bypasses: memoryBypassStore(),
    halts: memoryHaltStore(),
    seen: memorySeenGroups(),
  };

  const ports: StagePorts = {
    ...stores,
    subscribe: broker.subscribe,
    openWriter: broker.openWriter,
    range: broker.range,
    decode,
    encode,
    clock: async () => time.now(),
    observe: (metric, labels, value) => {
      const key = `${metric} ${Object.values(labels).join(' ')}`;
      observed.set(key, metric.endsWith('_total') ? (observed.get(key) ?? 0) + value : value);
    },
    log: (level, event, fields) => {
      logged.push({ level, event, fields });
    },
    random: () => 0.5,
    sleep: (ms, signal) => {
      slept.push(ms);
      return time.sleep(ms, signal);
    },
    stopwatch: () => 0,
    codeVersion: '1.2.3',
    maxBytes: () => 2_000,
  };

  return {
    broker,
    ports,
    time,
    logged,
    slept,
    ...stores,
    run: (differently: Partial<Stage<Word, Said>> = {}, otherPorts: Partial<StagePorts> = {}): Promise<Running> =>
      runStage(stageOf(differently), { ...ports, ...otherPorts }),
    /** Words onto a topic, each keyed by itself. */
    send: (
      words: readonly string[],
      { topic = 'words.in', headers = {} }: { topic?: string; headers?: Headers } = {},
    ) =>
      broker.produce(
        words.map((word) => ({
          topic,
          partition: partitions === 1 ? 0 : null,
          key: Buffer.from(word),
          value: Buffer.from(JSON.stringify({ word })),
          headers,
        })),
      ),
    said: (topic = 'words.out'): string[] =>
      broker.records(topic).map(({ value }) => {
        const { word, said }: Said = JSON.parse(value?.toString() ?? '');
        return `${word} ${said}`;
      }),
    letters: (): readonly StoredRecord[] => broker.records('g.words.dlq'),
    /** Each letter on one line: its bytes, its code, whether the event went on. */
    lettersInShort: (): string[] =>
      broker
        .records('g.words.dlq')
        .map(
          ({ value, headers }) =>
            `${value} ${headers['dl-error']} ${headers['dl-forwarded'] === 'true' ? 'went on' : 'held back'}`,
        ),
    committed: (topic = 'words.in', partition = 0) => broker.groupOffset('g.words', { topic, partition }),
    metric: (name: MetricName, ...labels: string[]) => observed.get(`${name} ${labels.join(' ')}`) ?? 0,
    events: (): string[] => logged.map(({ event }) => event),
  };
}

export type World = ReturnType<typeof world>;

/** A failure of a code, with a message that says so. */
export const trouble = (code: FailureCode, retryAfterMs: number | null = null) =>
  failure(code, `It was ${code}.`, retryAfterMs);
