import { setTimeout as sleepUntil } from 'node:timers/promises';
import { postgresBypasses } from '#adapters/postgres/bypasses.ts';
import { postgresHalts } from '#adapters/postgres/halts.ts';
import { postgresPauses } from '#adapters/postgres/pauses.ts';
import { postgresSeenGroups } from '#adapters/postgres/seen-groups.ts';
import { postgresStarts } from '#adapters/postgres/starts.ts';
import type { Observe } from '#stream/metrics.ts';
import { type Running, runStage } from '#stream/run-stage.ts';
import type { Stage } from '#stream/stage.ts';
import type { StagePorts } from '#stream/stage-ports.ts';
import type { Config } from './config.ts';
import type { Connections } from './connect.ts';
import { maxBytesOf } from './topics/sizes.ts';
import { VERSION } from './version.ts';

/** Runs a stage on the real broker, registry and database. */
export const startStage = <In, Out>(
  stage: Stage<In, Out>,
  connections: Connections,
  observe: Observe,
  config: Pick<Config, 'DEAD_LETTER_ALIASES'>,
): Promise<Running> => runStage(stage, stagePorts(connections, observe, config));

function stagePorts(
  { broker, codec, pool, clock, log, acceptLoss = false }: Connections,
  observe: Observe,
  config: Pick<Config, 'DEAD_LETTER_ALIASES'>,
): StagePorts {
  return {
    subscribe: broker.subscribe,
    openWriter: broker.openWriter,
    range: broker.range,
    seen: postgresSeenGroups(pool),
    acceptLoss,
    decode: codec.decode,
    encode: codec.encode,
    clock,
    starts: postgresStarts(pool),
    pauses: postgresPauses(pool),
    bypasses: postgresBypasses(pool),
    halts: postgresHalts(pool),
    observe,
    log: (level, event, fields) => log[level](fields, event),
    random: Math.random,
    sleep: (ms, signal) => sleepUntil(ms, undefined, { signal }),
    stopwatch: () => performance.now(),
    codeVersion: VERSION,
    aliases: config.DEAD_LETTER_ALIASES,
    maxBytes: maxBytesOf(),
  };
}
