import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaAdmin } from '#adapters/kafka/admin.ts';
import type { WantedTopic } from './manifest.ts';
import { type Allowed, type Change, isOurs, planTopics } from './plan.ts';

/** The part of the Kafka adapter that topics need. */
export type Cluster = Pick<
  KafkaAdmin,
  'list' | 'describe' | 'create' | 'addPartitions' | 'alterConfig' | 'deleteTopics'
>;

export const NOTHING_LOST: Allowed = { delete: false, shorterRetention: false };

/** Waits between rounds, milliseconds: brokers show a change some time after the controller has made it, more so under load. */
const WAITS = [50, 100, 200, 400, 800, 1600, 3200, 5000];

/** Reads the cluster and says what differs; changes nothing. */
export async function livePlan(
  cluster: Cluster,
  wanted: readonly WantedTopic[],
  { prefix = '', allowed = NOTHING_LOST }: { readonly prefix?: string; readonly allowed?: Allowed } = {},
): Promise<readonly Change[]> {
  const names = new Set(wanted.map(({ name }) => name));
  const ours = (await cluster.list()).filter((name) => names.has(name) || isOurs(name, prefix));
  return planTopics(wanted, await cluster.describe(ours), allowed);
}

export type Applied = { readonly applied: readonly Change[]; readonly refused: readonly Change[] };

export type ApplyOptions = {
  readonly prefix?: string;
  readonly allowed?: Allowed;
  readonly pause?: (ms: number) => Promise<unknown>;
};

/**
 * Makes the cluster what the files say, except for what would lose history and is not allowed. Running it again goes on where it
 * was interrupted; two processes may run it at once.
 * @returns what was done, once the cluster shows it, and what was refused and therefore still differs
 * @throws when the cluster does not come to show it after several rounds
 */
export async function applyTopics(
  cluster: Cluster,
  wanted: readonly WantedTopic[],
  options: ApplyOptions = {},
): Promise<Applied> {
  const applied = new Map<string, Change>();
  const pause = options.pause ?? sleep;
  let trouble: unknown = new Error('The cluster does not show the topics that were applied.');
  for (const wait of WAITS) {
    const changes = await livePlan(cluster, wanted, options);
    const due = changes.filter(({ refused }) => refused === null);
    if (due.length === 0) return { applied: [...applied.values()], refused: changes };
    trouble = (await attempt(cluster, due, applied)) ?? trouble;
    await pause(wait);
  }
  throw trouble;
}

/** One round. What fails may have been done all the same, here or by another process: the next round will see. */
async function attempt(cluster: Cluster, due: readonly Change[], applied: Map<string, Change>): Promise<unknown> {
  const note = (change: Change): void => {
    applied.set(`${change.kind} ${change.topic} ${change.kind === 'config' ? change.key : ''}`, change);
  };
  try {
    const creations = due.filter((change) => change.kind === 'create');
    if (creations.length > 0) await cluster.create(creations.map(({ wanted }) => wanted));
    creations.forEach(note);
    for (const change of due) {
      if (change.kind === 'create') continue;
      await one(cluster, change);
      note(change);
    }
    return null;
  } catch (error) {
    return error;
  }
}

async function one(cluster: Cluster, change: Exclude<Change, { kind: 'create' }>): Promise<void> {
  if (change.kind === 'partitions') await cluster.addPartitions(change.topic, change.to);
  if (change.kind === 'config') await cluster.alterConfig(change.topic, { [change.key]: change.to });
  if (change.kind === 'delete') await cluster.deleteTopics([change.topic]);
}
