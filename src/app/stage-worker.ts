import { setTimeout as sleepUntil } from 'node:timers/promises';
import { postgresPauses } from '#adapters/postgres/pauses.ts';
import { postgresStarts } from '#adapters/postgres/starts.ts';
import type { Observe } from '#stream/metrics.ts';
import { type Running, runStage } from '#stream/run-stage.ts';
import type { Stage } from '#stream/stage.ts';
import type { StagePorts } from '#stream/stage-ports.ts';
import type { Connections } from './connect.ts';
import { readTopics } from './topics/manifest.ts';
import { VERSION } from './version.ts';

/** Kafka's own default, for topics that have no file. */
const DEFAULT_MAX_BYTES = 1_048_588;

/** Runs a stage on the real broker, registry and database. */
export const startStage = <In, Out>(
  stage: Stage<In, Out>,
  connections: Connections,
  observe: Observe,
): Promise<Running> => runStage(stage, stagePorts(connections, observe));

function stagePorts({ broker, codec, pool, clock, log }: Connections, observe: Observe): StagePorts {
  const sizes = new Map(readTopics().map(({ name, config }) => [name, Number(config['max.message.bytes'])]));
  return {
    subscribe: broker.subscribe,
    openWriter: broker.openWriter,
    decode: codec.decode,
    encode: codec.encode,
    clock,
    starts: postgresStarts(pool),
    pauses: postgresPauses(pool),
    observe,
    log: (level, event, fields) => log[level](fields, event),
    random: Math.random,
    sleep: (ms, signal) => sleepUntil(ms, undefined, { signal }),
    stopwatch: () => performance.now(),
    codeVersion: VERSION,
    maxBytes: (topic) => sizes.get(topic) ?? DEFAULT_MAX_BYTES,
  };
}
