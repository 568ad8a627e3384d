import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { leader } from '#adapters/postgres/leader.ts';
import { replayReads } from '#adapters/postgres/replay/replays.ts';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import type { Worker } from '#app/worker.ts';
import { type Replay, replayOf } from '#replay/replay.ts';
import { scheduleOf } from './schedule.ts';
import { type Fed, takenUp, turnOf } from './turn.ts';

/** One process of all feeds replays; others stand by. Any number that nobody else locks. */
export const FEEDER_LOCK = 7_305_020;

const TICK_MS = 500;
const TROUBLE_MS = 2_000;
/** How long a replay that cannot be fed is left alone. */
const AGAIN_MS = 15_000;

/**
 * Sends the tracks of all running replays, a few at a time, so that their lanes hold only what is worked soon. What runs stands in
 * `linernotes.operations`, and how far it is in the broker: a feeder that dies is followed by another, or by itself started again.
 */
export function startFeeder(config: Config, connections: Connections): Worker {
  const { pool, log, addresses } = connections;
  const stop = new AbortController();
  const lead = leader(pool, FEEDER_LOCK);
  const admin = kafkaAdmin({ brokers: addresses.brokers, clientId: 'linernotes-replays', log });
  const reads = replayReads(pool);
  const around = { admin, reads, connections, config };
  const schedule = scheduleOf(config, connections, stop.signal);
  const fed = new Map<string, Fed>();
  const notBefore = new Map<string, number>();

  const drop = async (id: string): Promise<void> => {
    const dropped = fed.get(id);
    fed.delete(id);
    await dropped?.feeding.close();
  };

  const step = async (replay: Replay): Promise<void> => {
    if (performance.now() < (notBefore.get(replay.id) ?? 0)) return;
    try {
      const open = fed.get(replay.id) ?? (await takenUp(replay, around));
      fed.set(replay.id, open);
      if (await turnOf(replay, open, around)) await drop(replay.id);
    } catch (error) {
      log.error({ replay: replay.id, error: String(error) }, 'replay.not-fed');
      notBefore.set(replay.id, performance.now() + AGAIN_MS);
      await drop(replay.id).catch(() => undefined);
    }
  };

  const round = async (): Promise<void> => {
    if (!(await lead.mine())) return forgetAll();
    await schedule?.look();
    const replays = (await reads.underWay()).flatMap((operations) => replayOf(operations) ?? []);
    const ids = new Set(replays.map(({ id }) => id));
    for (const id of fed.keys()) if (!ids.has(id)) await drop(id);
    for (const replay of replays) await step(replay);
  };

  const forgetAll = async (): Promise<void> => {
    for (const id of fed.keys()) await drop(id);
  };

  const untilStopped = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const wait = await round().then(
        () => TICK_MS,
        (error: unknown) => {
          log.warn({ error: String(error) }, 'replays cannot be fed');
          return TROUBLE_MS;
        },
      );
      await sleep(wait, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    await forgetAll();
    await schedule?.close();
    await lead.close();
    await admin.close();
  };
  const ended = untilStopped();

  return {
    name: 'replays',
    ended,
    drain: async () => {
      stop.abort();
      await ended;
    },
  };
}
