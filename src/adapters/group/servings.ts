import type { Feed, Subscription } from '#stream/ports.ts';
import type { TopicPartition } from '#stream/record.ts';

/** Opens the feed of an owned partition; called at most once a serving. */
export type OpenFeed = (partition: TopicPartition, offset: number | null, signal: AbortSignal) => Feed;

export type Servings = {
  /** The partitions that are ours from now on. Those we keep are served on, the others are aborted, new ones begin. */
  readonly own: (partitions: readonly TopicPartition[]) => void;
  /** Nothing is ours any more. */
  readonly abortAll: (reason: Error) => void;
  /** Resolves when each `serve` that was begun has settled. */
  readonly settled: () => Promise<void>;
};

type Serving = { readonly partition: TopicPartition; readonly lost: AbortController; readonly settled: Promise<void> };

export const partitionKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** A partition changed hands: the reason an assignment's signal aborts with. */
export const partitionLost = (what: string): Error => Object.assign(new Error(what), { name: 'PartitionLost' });

/**
 * Runs a subscription's `serve` for each owned partition, beside the others, and again when it asks for it.
 *
 * A partition that we own before and after a rebalance is served on. That is safe because ownership is not what protects the
 * log: whoever takes a partition over fences the writer of the one before, so at worst work that was begun is lost at commit.
 * `failed` is told once of a `serve` that threw while its partition was ours.
 */
export const servings = (subscription: Subscription, open: OpenFeed, failed: (error: unknown) => void): Servings => {
  const ours = new Map<string, Serving>();
  /** The last serving of each partition, ours or not: one that lingers is waited for before the partition is begun anew. */
  const last = new Map<string, Promise<void>>();

  /** One call of `serve`, with a signal of its own that also aborts when the partition is lost. True: it asks to be served anew. */
  const serveOnce = async (partition: TopicPartition, lost: AbortSignal): Promise<boolean> => {
    const over = new AbortController();
    const signal = AbortSignal.any([lost, over.signal]);
    let opened = false;
    const from = (offset: number | null): Feed => {
      if (opened) throw new Error(`The feed of ${partitionKey(partition)} is open already.`);
      opened = true;
      return open(partition, offset, signal);
    };
    try {
      return (await subscription.serve({ ...partition, signal, from })) === 'again';
    } finally {
      over.abort(partitionLost(`Serving ${partitionKey(partition)} has ended.`));
    }
  };

  const serveWhileOurs = async (partition: TopicPartition, lost: AbortSignal, before: Promise<void>): Promise<void> => {
    await before;
    try {
      let again = true;
      while (again && !lost.aborted) again = await serveOnce(partition, lost);
    } catch (error) {
      if (lost.aborted) return;
      failed(error);
    }
  };

  const begin = (partition: TopicPartition): void => {
    const key = partitionKey(partition);
    const lost = new AbortController();
    const settled = serveWhileOurs(partition, lost.signal, last.get(key) ?? Promise.resolve());
    ours.set(key, { partition, lost, settled });
    last.set(key, settled);
  };

  const drop = (key: string, serving: Serving, reason: Error): void => {
    ours.delete(key);
    serving.lost.abort(reason);
  };

  return {
    own: (partitions) => {
      const owned = new Set(partitions.map(partitionKey));
      for (const [key, serving] of ours) {
        if (!owned.has(key))
          drop(key, serving, partitionLost(`${key} went to another member of ${subscription.group}.`));
      }
      for (const partition of partitions) if (!ours.has(partitionKey(partition))) begin(partition);
    },
    abortAll: (reason) => {
      for (const [key, serving] of ours) drop(key, serving, reason);
    },
    settled: async () => {
      await Promise.all(last.values());
    },
  };
};
