import type { WantedTopic } from './manifest.ts';

/** A topic as the cluster has it; `config` holds only what is set on the topic itself. */
export type LiveTopic = {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly config: Readonly<Record<string, string>>;
};

/** What may be done although history is lost by it. */
export type Allowed = { readonly delete: boolean; readonly shorterRetention: boolean };

type Step =
  | { readonly kind: 'create'; readonly wanted: WantedTopic }
  | { readonly kind: 'delete' }
  | { readonly kind: 'partitions' | 'replication'; readonly from: number; readonly to: number }
  /** `from` is `null` where the topic inherits the broker's value. */
  | { readonly kind: 'config'; readonly key: string; readonly from: string | null; readonly to: string };

/** One difference between the files and the cluster. */
export type Change = Step & {
  readonly topic: string;
  /** What follows from it for those who use the topic; `null` when nothing does. */
  readonly consequence: string | null;
  /** Why it is not done, and what to do instead; `null` when it is done. */
  readonly refused: string | null;
};

/**
 * Compares what is wanted with what is there. Pure, and without memory: the same two always give the same plan.
 * @param live every topic of the cluster with a name of ours, see `isOurs`
 */
export function planTopics(
  wanted: readonly WantedTopic[],
  live: readonly LiveTopic[],
  allowed: Allowed,
): readonly Change[] {
  const there = new Map(live.map((topic) => [topic.name, topic]));
  const names = new Set(wanted.map(({ name }) => name));
  const kept = wanted.flatMap((topic) => {
    const now = there.get(topic.name);
    return now === undefined ? [created(topic)] : differences(topic, now, allowed);
  });
  const stray = live.filter(({ name }) => !names.has(name));
  return [...kept, ...stray.map(({ name }) => deleted(name, allowed))];
}

/** Topics of ours on a cluster that others may share. */
export const isOurs = (name: string, prefix: string): boolean =>
  name.startsWith(`${prefix}tracks.`) || name.startsWith(`${prefix}linernotes.`);

const created = (wanted: WantedTopic): Change => ({
  kind: 'create',
  topic: wanted.name,
  wanted,
  consequence: null,
  refused: null,
});

const deleted = (topic: string, allowed: Allowed): Change => ({
  kind: 'delete',
  topic,
  consequence: 'history lost: every record of the topic goes with it',
  refused: allowed.delete ? null : 'there is no file for it; write one to keep it, or delete it with --allow-delete',
});

function differences(wanted: WantedTopic, now: LiveTopic, allowed: Allowed): readonly Change[] {
  const config = Object.entries(wanted.config).filter(([key, to]) => now.config[key] !== to);
  return [
    ...(wanted.partitions === now.partitions ? [] : [partitions(wanted.name, now.partitions, wanted.partitions)]),
    ...(wanted.replication === now.replication ? [] : [replication(wanted.name, now.replication, wanted.replication)]),
    ...config.map(([key, to]) => configured(wanted.name, key, now.config[key] ?? null, to, allowed)),
  ];
}

function partitions(topic: string, from: number, to: number): Change {
  const consequence =
    'keys move: later events of a track go to another partition than its earlier ones, so let the groups finish first; ' +
    'topics of the chain must all have the same number';
  const refused =
    `Kafka cannot take partitions away; put ${from} into the file, or give up the history: ` +
    'take the file away, `topics apply --allow-delete`, put it back, `topics apply`';
  return { kind: 'partitions', topic, from, to, consequence, refused: to < from ? refused : null };
}

const replication = (topic: string, from: number, to: number): Change => ({
  kind: 'replication',
  topic,
  from,
  to,
  consequence: null,
  refused: `replicas are moved with kafka-reassign-partitions; if ${from} is right, set KAFKA_REPLICATION=${from}`,
});

function configured(topic: string, key: string, from: string | null, to: string, allowed: Allowed): Change {
  const step = { kind: 'config', topic, key, from, to } as const;
  if (!losesHistory(key, from, to)) return { ...step, consequence: null, refused: null };
  const consequence = 'history lost: records beyond the new limit are deleted for good and cannot be replayed';
  const refused = 'put the longer retention into the file, or shorten it with --allow-shorter-retention';
  return { ...step, consequence, refused: allowed.shorterRetention ? null : refused };
}

/** An inherited limit is not known here; no limit at all is the only one that cannot be shorter. */
function losesHistory(key: string, from: string | null, to: string): boolean {
  if (!key.startsWith('retention.') || to === '-1') return false;
  return from === null || from === '-1' || Number(to) < Number(from);
}
