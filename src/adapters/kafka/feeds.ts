import type { Consumer, EachBatchPayload } from 'kafkajs';
import { type PartitionQueue, partitionQueue } from '#adapters/group/queue.ts';
import { type OpenFeed, partitionKey } from '#adapters/group/servings.ts';
import type { TopicPartition } from '#stream/record.ts';
import type { KafkaLog } from './client.ts';
import { storedRecord } from './stored-record.ts';

type OpenedFeed = {
  readonly at: TopicPartition;
  readonly queue: PartitionQueue;
  /** The next offset to fetch; `null` until the feed has been placed. */
  next: number | null;
  fetching: boolean;
};

export type Feeds = {
  readonly open: OpenFeed;
  /** A new generation begins. Called before its first fetch. */
  readonly assigned: (partitions: readonly TopicPartition[]) => void;
  readonly receive: (payload: EachBatchPayload) => Promise<void>;
};

/**
 * The open feeds of one kafkajs consumer, which fetches only for these: every other partition it owns is paused.
 * `startOf` looks up the first offset that still stands; `failed` is told when that cannot be found out.
 */
export const consumerFeeds = (
  consumer: Consumer,
  options: {
    readonly maxWaiting: number;
    readonly startOf: (partition: TopicPartition) => Promise<number>;
    readonly log: KafkaLog;
    readonly failed: (error: unknown) => void;
    /** kafkajs throws when it is told to pause after it has stopped. */
    readonly running: () => boolean;
  },
): Feeds => {
  const feeds = new Map<string, OpenedFeed>();

  const topicPartitions = ({ topic, partition }: TopicPartition) => [{ topic, partitions: [partition] }];
  const seek = ({ topic, partition }: TopicPartition, offset: number): void =>
    consumer.seek({ topic, partition, offset: String(offset) });

  /** Tells kafkajs whether to fetch, once the feed has a place to fetch from. */
  const apply = (feed: OpenedFeed): void => {
    if (feed.next === null) return;
    if (feed.fetching) consumer.resume(topicPartitions(feed.at));
    else consumer.pause(topicPartitions(feed.at));
  };

  const place = async (feed: OpenedFeed, offset: number | null, signal: AbortSignal): Promise<void> => {
    const start = await options.startOf(feed.at);
    if (signal.aborted) return;
    if (offset !== null && offset < start) {
      options.log.error({ ...feed.at, from: offset, to: start }, 'Records were deleted before they were read');
    }
    feed.next = Math.max(offset ?? start, start);
    seek(feed.at, feed.next);
    apply(feed);
  };

  return {
    open: (at, offset, signal) => {
      const key = partitionKey(at);
      const queue = partitionQueue({
        signal,
        maxWaiting: options.maxWaiting,
        from: offset ?? 0,
        fetching: (on) => {
          feed.fetching = on;
          apply(feed);
        },
      });
      const feed: OpenedFeed = { at, queue, next: null, fetching: true };
      feeds.set(key, feed);
      signal.addEventListener('abort', () => {
        if (feeds.get(key) !== feed) return;
        feeds.delete(key);
        if (options.running()) consumer.pause(topicPartitions(at));
      });
      place(feed, offset, signal).catch((error: unknown) => {
        if (!signal.aborted) options.failed(error);
      });
      return queue;
    },
    assigned: (partitions) => {
      for (const at of partitions) {
        const next = feeds.get(partitionKey(at))?.next ?? null;
        // kafkajs begins a generation at the committed offset; a feed that goes on has come further than that.
        if (next === null) consumer.pause(topicPartitions(at));
        else seek(at, next);
      }
    },
    receive: async ({ batch, resolveOffset, isStale }) => {
      const at = { topic: batch.topic, partition: batch.partition };
      const feed = feeds.get(partitionKey(at));
      // A batch fetched for an earlier serving, or before a seek: it is fetched again from where the feed stands.
      if (feed === undefined || feed.next === null || isStale()) return;
      feed.next = Number(batch.lastOffset()) + 1;
      resolveOffset(batch.lastOffset());
      feed.queue.push(batch.messages.map((message) => storedRecord(at, message)));
    },
  };
};
