import { setTimeout as sleep } from 'node:timers/promises';
import { type KafkaAdmin, kafkaAdmin } from '#adapters/kafka/admin.ts';
import { leader } from '#adapters/postgres/leader.ts';
import { type ReplayReads, replayReads } from '#adapters/postgres/replay/replays.ts';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import type { Worker } from '#app/worker.ts';
import { type Replay, replayOf } from '#replay/replay.ts';
import { type Feeding, openFeeding } from './feeding.ts';
import { areWorkedOff, waitingFrom } from './lanes.ts';
import { endReplay } from './replays.ts';
import { scheduleOf } from './schedule.ts';

/** One process of all feeds replays; others stand by. Any number that nobody else locks. */
export const FEEDER_LOCK = 7_305_020;

const TICK_MS = 500;
const TROUBLE_MS = 2_000;
/** Tracks of one transaction. */
const AT_ONCE = 200;
/** How often it is looked whether the last tracks have come through, and whether a paused replay's place is kept. */
const LOOK_MS = 3_000;
const KEEP_MS = 86_400_000;

type Fed = { readonly feeding: Feeding; lookedAt: number; keptAt: number; credit: number; at: number };

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
  const schedule = scheduleOf(config, connections, stop.signal);
  const fed = new Map<string, Fed>();

  const drop = async (id: string): Promise<void> => {
    const dropped = fed.get(id);
    fed.delete(id);
    await dropped?.feeding.close();
  };

  const step = async (replay: Replay): Promise<void> => {
    const open = fed.get(replay.id) ?? (await opened(replay, connections, reads));
    fed.set(replay.id, open);
    const lost = await (replay.state === 'paused'
      ? kept(open)
      : fedOn(replay, open, { admin, reads, connections, config }));
    if (lost) await drop(replay.id);
  };

  const round = async (): Promise<void> => {
    if (!(await lead.mine())) return forgetAll();
    await schedule?.look();
    const replays = (await reads.underWay()).flatMap((operations) => replayOf(operations) ?? []);
    for (const id of fed.keys()) if (!replays.some((replay) => replay.id === id)) await drop(id);
    for (const replay of replays) {
      await step(replay).catch(async (error: unknown) => {
        log.error({ replay: replay.id, error: String(error) }, 'replay.not-fed');
        await drop(replay.id).catch(() => undefined);
      });
    }
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

async function opened(replay: Replay, connections: Connections, reads: ReplayReads): Promise<Fed> {
  const feeding = await openFeeding(replay, connections);
  const arrived = (await reads.runs([replay.id])).get(replay.id);
  if (feeding.sent() === 0 && arrived !== undefined) {
    await feeding.close();
    throw new Error('The broker has forgotten how far it was; cancel it and start another for the rest.');
  }
  connections.log.info({ replay: replay.id, sent: feeding.sent() }, 'replay.taken-up');
  const now = performance.now();
  return { feeding, lookedAt: now, keptAt: Number.NEGATIVE_INFINITY, credit: 0, at: now };
}

/** @returns whether the feeding is lost */
async function kept(open: Fed): Promise<boolean> {
  const now = performance.now();
  if (now - open.keptAt < KEEP_MS) return false;
  open.keptAt = now;
  await open.feeding.keep();
  return false;
}

type Around = {
  readonly admin: KafkaAdmin;
  readonly reads: ReplayReads;
  readonly connections: Connections;
  readonly config: Config;
};

/** @returns whether the feeding is lost */
async function fedOn(replay: Replay, open: Fed, around: Around): Promise<boolean> {
  if (open.feeding.exhausted()) {
    await endIfThrough(replay, open, around);
    return false;
  }
  const room = around.config.REPLAY_WINDOW - (await inHand(replay, open, around));
  const most = Math.min(room, AT_ONCE, allowed(replay, open));
  if (most < 1) return false;
  open.credit -= most;
  return (await open.feeding.feed(most)) === 'lost';
}

/** How many tracks the rate allows by now; a pause saves none up. */
function allowed({ order: { rate } }: Replay, open: Fed): number {
  const now = performance.now();
  if (rate === null) return AT_ONCE;
  open.credit = Math.min(Math.max(1, rate), open.credit + (rate * (now - open.at)) / 1000);
  open.at = now;
  return Math.floor(open.credit);
}

/** Tracks that were sent and are not through. A range may hold one track several times, so there the lanes are looked at. */
async function inHand(replay: Replay, { feeding }: Fed, { admin, reads }: Around): Promise<number> {
  if (replay.order.selection.kind === 'range') return waitingFrom(replay.order.phase, admin);
  return feeding.sent() - (await throughOf(replay, reads));
}

async function throughOf({ id }: Replay, reads: ReplayReads): Promise<number> {
  const run = (await reads.runs([id])).get(id);
  return run === undefined ? 0 : run.complete + run.deadLettered;
}

async function endIfThrough(replay: Replay, open: Fed, { admin, reads, connections }: Around): Promise<void> {
  const sent = open.feeding.sent();
  const isThrough = (await throughOf(replay, reads)) >= sent || (await isQuiet(replay, open, admin, connections));
  if (isThrough) await endReplay(replay, sent, await reads.calls(), connections);
}

/** For tracks that never come through, such as one that stands in a range twice: nothing waits in the lanes any more. */
async function isQuiet(replay: Replay, open: Fed, admin: KafkaAdmin, { broker }: Connections): Promise<boolean> {
  const now = performance.now();
  if (now - open.lookedAt < LOOK_MS) return false;
  open.lookedAt = now;
  return areWorkedOff(replay.order.phase, admin, broker.reader);
}
