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

/** Waits between rounds, milliseconds: another process may apply the same files at the same time, or a broker may stumble. */
const WAITS = [200, 400, 800];

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
 * @returns what was done, and what was refused and therefore still differs
 * @throws when the cluster does not do it after several rounds
 */
export async function applyTopics(
  cluster: Cluster,
  wanted: readonly WantedTopic[],
  options: ApplyOptions = {},
): Promise<Applied> {
  const applied: Change[] = [];
  const pause = options.pause ?? sleep;
  for (let round = 0; ; round += 1) {
    const changes = await livePlan(cluster, wanted, options);
    try {
      await perform(cluster, changes, applied);
      return { applied, refused: changes.filter(({ refused }) => refused !== null) };
    } catch (error) {
      const wait = WAITS[round];
      if (wait === undefined) throw error;
      await pause(wait);
    }
  }
}

async function perform(cluster: Cluster, changes: readonly Change[], done: Change[]): Promise<void> {
  const due = changes.filter(({ refused }) => refused === null);
  const creations = due.filter((change) => change.kind === 'create');
  if (creations.length > 0) await cluster.create(creations.map(({ wanted }) => wanted));
  done.push(...creations);
  for (const change of due) {
    if (change.kind === 'create') continue;
    await one(cluster, change);
    done.push(change);
  }
}

async function one(cluster: Cluster, change: Exclude<Change, { kind: 'create' }>): Promise<void> {
  if (change.kind === 'partitions') await cluster.addPartitions(change.topic, change.to);
  if (change.kind === 'config') await cluster.alterConfig(change.topic, { [change.key]: change.to });
  if (change.kind === 'delete') await cluster.deleteTopics([change.topic]);
}
