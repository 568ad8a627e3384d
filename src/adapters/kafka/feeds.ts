import type { Batch, Consumer, EachBatchPayload } from 'kafkajs';
import { type PartitionQueue, partitionQueue } from '#adapters/group/queue.ts';
import { type OpenFeed, partitionKey, partitionLost } from '#adapters/group/servings.ts';
import type { RangeOf } from '#stream/ports.ts';
import type { TopicPartition } from '#stream/record.ts';
import type { KafkaLog } from './client.ts';
import { storedRecord } from './stored-record.ts';

/** kafkajs's types leave out what a batch was asked for. */
type Fetched = Batch & { readonly fetchedOffset?: string };

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
 * `rangeOf` looks up what the log holds; `failed` is told when that cannot be found out, or when the log loses a place that is being read.
 */
export const consumerFeeds = (
  consumer: Consumer,
  options: {
    readonly maxWaiting: number;
    readonly rangeOf: RangeOf;
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

  /**
   * kafkajs goes back to the beginning by itself when retention overtakes it, or the topic is made anew under it. It shows in a fetch
   * from another place than the feed's; skipped control records show the same, so the log is asked.
   */
  const isWhereItWas = async (feed: OpenedFeed, batch: Fetched): Promise<boolean> => {
    const { at, next } = feed;
    if (next === null || Number(batch.fetchedOffset ?? next) === next) return true;
    const log = await options.rangeOf(at);
    if (next >= log.begin && next <= log.end) return feeds.get(partitionKey(at)) === feed;
    options.log.error({ ...at, next, ...log }, 'The log has lost the place that was being read');
    // Whether to go on elsewhere is decided where partitions are taken: by whoever is started next.
    options.failed(partitionLost(`${partitionKey(at)} was lost under its reader, which stood at ${next}.`));
    return false;
  };

  const place = async (feed: OpenedFeed, offset: number | null, signal: AbortSignal): Promise<void> => {
    const { begin: start } = await options.rangeOf(feed.at);
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
      if (!(await isWhereItWas(feed, batch))) return;
      feed.next = Number(batch.lastOffset()) + 1;
      resolveOffset(batch.lastOffset());
      feed.queue.push(batch.messages.map((message) => storedRecord(at, message)));
    },
  };
};
