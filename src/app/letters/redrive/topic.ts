import { randomUUID } from 'node:crypto';
import {
  findRedrive,
  type KnownRedrive,
  lockRedrives,
  openByPlace,
  type RedriveLock,
  redrivenBy,
  type Standing,
} from '#adapters/postgres/redrives.ts';
import type { Connections } from '#app/connect.ts';
import { selectionText } from '#app/letters/selection-text.ts';
import { appendOperation } from '#app/operations/append.ts';
import { applied } from '#app/operations/applied.ts';
import { maxBytesOf } from '#app/topics/sizes.ts';
import { OPERATIONS_TOPIC } from '#track/topology.ts';
import { type Left, leftovers, type RedriveOrder } from './order.ts';
import { redrivePartition } from './partition.ts';

/** How the redrive of one dead-letter topic ended. */
export type TopicEnd =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'ended' | 'stopped';
      readonly id: string;
      readonly dlq: string;
      /** All letters that this redrive has sent, those before an interruption included. */
      readonly redriven: number;
      readonly left: Left;
      /** Why it stopped; `null` when it ended, or was told to. */
      readonly message: string | null;
    };

export type RedriveConnections = Pick<Connections, 'pool' | 'broker' | 'codec' | 'clock' | 'log'>;

/** What goes through a redrive from topic to topic. */
export type Running = {
  readonly take: (count: number, signal: AbortSignal) => Promise<void>;
  /** Told how many letters were sent, of how many that fitted at the beginning. */
  readonly tell: (sent: number, of: number) => void;
  readonly signal: AbortSignal;
};

/**
 * Redrives the letters of one dead-letter topic, each once, or goes on with a redrive that was interrupted.
 * @returns `refused` when another redrive of the topic runs, or no projector
 * @throws when broker, registry or database are lost; started again it goes on
 */
export async function redriveTopic(
  order: RedriveOrder,
  dlq: string,
  connections: RedriveConnections,
  running: Running,
): Promise<TopicEnd> {
  const lock = await lockRedrives(connections.pool, dlq);
  if (lock === null)
    return {
      kind: 'refused',
      message: `Another redrive of ${dlq} is running: one at a time (linernotes operations --target ${dlq}).`,
    };
  try {
    const known = await applied(connections, [OPERATIONS_TOPIC, dlq], { signal: running.signal });
    if (!known.applied) return { kind: 'refused', message: known.message };
    return await redriveLocked(order, dlq, connections, running, lock);
  } finally {
    await lock.release();
  }
}

async function redriveLocked(
  order: RedriveOrder,
  dlq: string,
  connections: RedriveConnections,
  running: Running,
  lock: RedriveLock,
): Promise<TopicEnd> {
  const standing = (await openByPlace(connections.pool, order.selection)).filter(({ topic }) => topic === dlq);
  const sought = { dlq, id: order.id, selection: selectionText(order.selection), map: order.map?.sha256 ?? '' };
  const known = await findRedrive(connections.pool, sought);
  if (known?.ended === true || (known === null && standing.length === 0)) return { kind: 'nothing' };
  const begun = known ?? (await begin(order, dlq, connections));
  const before = known === null ? 0 : await redrivenBy(connections.pool, begun.id, dlq);
  return sendAll(order, dlq, connections, running, { lock, begun, standing, before });
}

/** Notes that a redrive begins. What is dead-lettered from now on, its own failures included, is none of its business. */
async function begin(order: RedriveOrder, dlq: string, connections: RedriveConnections): Promise<KnownRedrive> {
  const id = order.id ?? randomUUID();
  const ends = await connections.broker.reader.ends(dlq);
  const byPartition = Object.fromEntries(ends.map(({ partition, offset }) => [String(partition), offset]));
  const { by, reason, rate, max, maxRedrives, map } = order;
  const details = {
    redrive: id,
    selection: selectionText(order.selection),
    rate: String(rate),
    maxRedrives: String(maxRedrives),
    ends: JSON.stringify(byPartition),
    ...(max === null ? {} : { max: String(max) }),
    ...(map === null ? {} : { map: map.sha256 }),
  };
  await appendOperation(connections, { id: `redrive:${id}:${dlq}`, kind: 'redrive', by, target: dlq, reason, details });
  return { id, ends: byPartition, ended: false };
}

type Begun = {
  readonly lock: RedriveLock;
  readonly begun: KnownRedrive;
  readonly standing: readonly Standing[];
  readonly before: number;
};

async function sendAll(
  order: RedriveOrder,
  dlq: string,
  connections: RedriveConnections,
  { take, tell, signal }: Running,
  { lock, begun, standing, before }: Begun,
): Promise<TopicEnd> {
  const { codec } = connections;
  const { map, maxRedrives, probe } = order;
  const of = before + standing.reduce((sum, { letters }) => sum + letters, 0);
  const left = leftovers();
  let redriven = before;
  const redriving = {
    connections,
    order,
    preparing: { ...codec, maxBytes: maxBytesOf(), map, maxRedrives, redrive: begun.id, probe },
    lock,
    take,
    recount: async () => {
      redriven = await redrivenBy(connections.pool, begun.id, dlq);
    },
    room: () => (order.max === null ? Number.POSITIVE_INFINITY : Math.max(0, order.max - redriven)),
    sent: (count: number) => {
      redriven += count;
      tell(redriven, of);
    },
    left: left.add,
    signal,
  };
  const stopped = (message: string | null): TopicEnd => ({
    kind: 'stopped',
    id: begun.id,
    dlq,
    redriven,
    left: left.told(),
    message,
  });
  for (const { partition } of standing) {
    if (redriving.room() === 0) break;
    const stretch = { topic: dlq, partition, from: 0, to: begun.ends[String(partition)] ?? 0 };
    const end = await unlessAborted(signal, () => redrivePartition(redriving, stretch));
    if (end === null) return stopped(null);
    if (end.kind === 'refused') return stopped(end.message);
  }
  const details = { redrive: begun.id, redriven: String(redriven), left: JSON.stringify(left.told().counts) };
  const { by, reason } = order;
  await appendOperation(connections, {
    id: `redrive-ended:${begun.id}:${dlq}`,
    kind: 'redrive_ended',
    by,
    target: dlq,
    reason,
    details,
  });
  return { kind: 'ended', id: begun.id, dlq, redriven, left: left.told(), message: null };
}

/** `null` when it ended because it was told to. */
async function unlessAborted<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value | null> {
  if (signal.aborted) return null;
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
