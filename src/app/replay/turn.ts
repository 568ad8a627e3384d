import type { KafkaAdmin } from '#adapters/kafka/admin.ts';
import type { ReplayReads } from '#adapters/postgres/replay/replays.ts';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import type { Replay } from '#replay/replay.ts';
import { type Feeding, openFeeding } from './feeding.ts';
import { areWorkedOff, waitingFrom } from './lanes.ts';
import { endReplay } from './replays.ts';

/** Tracks of one transaction. */
const AT_ONCE = 200;
/** How often it is looked whether the last tracks have come through, and whether a paused replay's place is kept. */
const LOOK_MS = 3_000;
const KEEP_MS = 86_400_000;
const TOLD_MS = 10_000;

/** A replay in a feeder's hands. Moments are of `performance.now()`. */
export type Fed = {
  readonly feeding: Feeding;
  lookedAt: number;
  keptAt: number;
  endedAt: number;
  /** Tracks that the rate allows by now, and when that was reckoned. */
  credit: number;
  at: number;
};

/** What a turn has at hand. */
export type Around = {
  readonly admin: KafkaAdmin;
  readonly reads: ReplayReads;
  readonly connections: Connections;
  readonly config: Config;
};

/**
 * One turn of a replay: sends what there is room for, or keeps its place while it is paused, or says that its last track has come
 * through; also of a cancelled one, so that its run is finished some time.
 * @returns whether its writer is lost, so that it must be taken up anew
 */
export async function turnOf(replay: Replay, fed: Fed, around: Around): Promise<boolean> {
  if (replay.state === 'running' && !fed.feeding.exhausted()) return fedOn(replay, fed, around);
  if (replay.state === 'paused') await keep(fed);
  else await endIfThrough(replay, fed, around);
  return false;
}

/**
 * Takes a replay up where it was left; from here on no other feeder can send any of it.
 * @throws when the broker has forgotten where that was, and when broker, registry or database is lost
 */
export async function takenUp(
  replay: Replay,
  { connections, reads }: Pick<Around, 'connections' | 'reads'>,
): Promise<Fed> {
  const feeding = await openFeeding(replay, connections);
  const arrived = (await reads.runs([replay.id])).get(replay.id);
  // Of a cancelled one nothing more is to be sent, so it does not matter.
  if (replay.state !== 'cancelled' && feeding.sent() === 0 && arrived !== undefined) {
    await feeding.close();
    throw new Error('The broker has forgotten how far it was; cancel it and start another for the rest.');
  }
  connections.log.info({ replay: replay.id, sent: feeding.sent() }, 'replay.taken-up');
  const now = performance.now();
  const never = Number.NEGATIVE_INFINITY;
  return { feeding, lookedAt: now, keptAt: never, endedAt: never, credit: 0, at: now };
}

async function keep(open: Fed): Promise<void> {
  const now = performance.now();
  if (now - open.keptAt < KEEP_MS) return;
  open.keptAt = now;
  await open.feeding.keep();
}

/** @returns whether the feeding is lost */
async function fedOn(replay: Replay, open: Fed, around: Around): Promise<boolean> {
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
  // It is said, and not known to the read model yet.
  if (performance.now() - open.endedAt < TOLD_MS) return;
  const through = await throughOf(replay, reads);
  if (through < sent && !(await isQuiet(replay, open, admin, connections))) return;
  await endReplay(replay, { sent, tracks: through }, connections);
  open.endedAt = performance.now();
}

/** For tracks that never come through, such as one that stands in a range twice: nothing waits in the lanes any more. */
async function isQuiet(replay: Replay, open: Fed, admin: KafkaAdmin, { broker }: Connections): Promise<boolean> {
  const now = performance.now();
  if (now - open.lookedAt < LOOK_MS) return false;
  open.lookedAt = now;
  return areWorkedOff(replay.order.phase, admin, broker.reader);
}
