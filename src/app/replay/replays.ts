import { randomUUID } from 'node:crypto';
import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { replayReads } from '#adapters/postgres/replay/replays.ts';
import type { Config } from '#app/config.ts';
import type { Connections } from '#app/connect.ts';
import { appendOperation } from '#app/operations/append.ts';
import { operationsApplied } from '#app/operations/applied.ts';
import { ITSELF } from '#app/operations/who.ts';
import { groupOf } from '#replay/feed.ts';
import type { ReplayOrder } from '#replay/order.ts';
import type { ReplayPlan } from '#replay/plan.ts';
import { sentInAll } from '#replay/progress.ts';
import { MAY, type Replay, replayOf } from '#replay/replay.ts';
import type { Refused, ReplayPort, Starter } from '#replay/replay-port.ts';
import type { ReplayRequest } from '#replay/request.ts';
import { type ReplayStatus, statusOf } from '#replay/status.ts';
import { planReplay } from './plan.ts';
import { orderOf } from './resolve.ts';
import { sourceOf } from './source.ts';

const LATEST = 100;

/** What is done to replays, on the command line and over HTTP alike. Everything is an operation; who feeds them is another matter. */
export function replaysOn(connections: Connections, config: Config): ReplayPort & { close(): Promise<void> } {
  const { pool, addresses, log } = connections;
  const admin = kafkaAdmin({ brokers: addresses.brokers, clientId: 'linernotes-replay', log });
  const reads = replayReads(pool);

  const ordered = async (request: ReplayRequest, signal: AbortSignal): Promise<Ordered | Refused> => {
    const now = await connections.clock();
    const order = await orderOf(request, { pool, admin, now });
    if ('wrong' in order) return { ...order, kind: 'request' };
    const source = sourceOf(order.selection, now, connections);
    return { order, plan: await planReplay(order, source, connections, config, signal) };
  };

  const told = async (replays: readonly Replay[]): Promise<readonly ReplayStatus[]> => {
    const ids = replays.map(({ id }) => id);
    const [runs, made, now] = await Promise.all([reads.runs(ids), reads.calls(ids), connections.clock()]);
    return Promise.all(
      replays.map(async (replay) => {
        const run = runs.get(replay.id) ?? { complete: 0, deadLettered: 0, degraded: 0 };
        const calls = made.get(replay.id) ?? {};
        return statusOf(replay, { sent: await sentOf(replay, connections), run, calls, now });
      }),
    );
  };

  const one = async (id: string): Promise<ReplayStatus | null> => {
    const replay = replayOf(await reads.one(id));
    return replay === null ? null : ((await told([replay]))[0] ?? null);
  };

  return {
    list: async () => told((await reads.latest(LATEST)).flatMap((operations) => replayOf(operations) ?? []).reverse()),
    one,
    async plan(request, signal) {
      const planned = await ordered(request, signal);
      return 'wrong' in planned ? planned : planned.plan;
    },
    async start(request, starter, signal) {
      const planned = await ordered(request, signal);
      if ('wrong' in planned) return planned;
      if (planned.plan.tracks === 0) return { kind: 'request', wrong: 'There is nothing to replay: no track fits.' };
      const id = await begin(planned, starter, connections);
      return (
        (await one(id)) ?? { kind: 'unknown', wrong: `Replay ${id} was begun; the projector does not know it yet.` }
      );
    },
    async move(id, step, { by, reason }) {
      const applied = await operationsApplied(connections);
      if (!applied.applied) return { kind: 'unknown', wrong: applied.message };
      const replay = replayOf(await reads.one(id));
      if (replay === null) return { kind: 'missing', wrong: `There is no replay "${id}".` };
      if (!MAY[replay.state].includes(step)) return { kind: 'state', wrong: cannot(replay, step) };
      await appendOperation(connections, { kind: KINDS[step], by, target: id, reason });
      await operationsApplied(connections);
      return (await one(id)) ?? { kind: 'missing', wrong: `There is no replay "${id}".` };
    },
    close: admin.close,
  };
}

type Ordered = { readonly order: ReplayOrder; readonly plan: ReplayPlan };

/** A replay is a run, and is cancelled as one. */
const KINDS = { pause: 'replay_paused', resume: 'replay_resumed', cancel: 'cancel' } as const;

const cannot = ({ id, state }: Replay, step: string): string => {
  const may = MAY[state];
  return `Replay ${id} is ${state}: it cannot ${step}${may.length === 0 ? ' any more' : `; it can ${may.join(' or ')}`}.`;
};

async function begin(
  { order, plan }: Ordered,
  { id = `replay-${randomUUID().slice(0, 13)}`, by, reason }: Starter,
  connections: Connections,
): Promise<string> {
  const details = { order: JSON.stringify(order), plan: JSON.stringify(plan) };
  await appendOperation(connections, { id, kind: 'replay', by, target: id, reason, details });
  await operationsApplied(connections);
  return id;
}

/** A repeated id is the same operation, so whoever feeds may say this again after a crash. */
export async function endReplay(
  { id }: Replay,
  { sent, tracks }: { readonly sent: number; readonly tracks: number },
  connections: Pick<Connections, 'broker' | 'codec' | 'clock'>,
): Promise<void> {
  const details = { sent: String(sent), tracks: String(tracks) };
  await appendOperation(connections, { id: `${id}.ended`, kind: 'replay_ended', by: ITSELF, target: id, details });
}

async function sentOf({ id, order, startedAt, end }: Replay, connections: Connections): Promise<number> {
  if (end !== null) return end.sent;
  const source = sourceOf(order.selection, startedAt, connections);
  const places = await connections.broker.places(groupOf(id), source.partitions);
  await source.close();
  return sentInAll(places);
}
