import { partitionKey } from '#adapters/group/servings.ts';
import type { LogReader } from '#stream/ports.ts';
import type { Position, StoredRecord, TopicPartition } from '#stream/record.ts';
import { type KafkaConnection, PATIENT } from './client.ts';
import { type Cluster, type FetchedPartition, kafkaCluster, READ_COMMITTED } from './inside.ts';
import { untilPassed } from './passing.ts';
import { storedRecord } from './stored-record.ts';

const FETCH_BYTES = 1024 * 1024;
const MAX_WAIT_MS = 250;

type Range = TopicPartition & { readonly next: number; readonly end: number };

const fetchOnce = async (cluster: Cluster, { topic, partition, next }: Range): Promise<FetchedPartition> => {
  const leader = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))[0];
  if (leader === undefined) throw new Error(`${topic}/${partition} has no leader.`);
  const broker = await cluster.findBroker({ nodeId: leader });
  const { responses } = await broker.fetch({
    maxWaitTime: MAX_WAIT_MS,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    isolationLevel: READ_COMMITTED,
    topics: [{ topic, partitions: [{ partition, fetchOffset: String(next), maxBytes: FETCH_BYTES }] }],
  });
  return responses[0]?.partitions[0] ?? { partition, messages: [] };
};

const fetch = (cluster: Cluster, range: Range): Promise<FetchedPartition> =>
  untilPassed(
    () => fetchOnce(cluster, range),
    () => cluster.refreshMetadata(),
  );

const offsetsOf = async (cluster: Cluster, topic: string, fromBeginning: boolean): Promise<Map<string, number>> => {
  await cluster.addTargetTopic(topic);
  await cluster.refreshMetadataIfNecessary();
  const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }));
  const [found] = await cluster.fetchTopicsOffset([{ topic, fromBeginning, partitions }]);
  return new Map(
    (found?.partitions ?? []).map(({ partition, offset }) => [partitionKey({ topic, partition }), Number(offset)]),
  );
};

/** Where reading starts and ends, as things stand now; a start that was deleted moves to the first offset that stands. */
const rangesOf = async (cluster: Cluster, from: readonly Position[]): Promise<readonly Range[]> => {
  const ends = new Map<string, number>();
  const starts = new Map<string, number>();
  for (const topic of new Set(from.map((position) => position.topic))) {
    for (const [key, offset] of await offsetsOf(cluster, topic, false)) ends.set(key, offset);
    for (const [key, offset] of await offsetsOf(cluster, topic, true)) starts.set(key, offset);
  }
  return from.map(({ topic, partition, offset }) => {
    const key = partitionKey({ topic, partition });
    return { topic, partition, next: Math.max(offset, starts.get(key) ?? 0), end: ends.get(key) ?? 0 };
  });
};

/**
 * Committed records of one partition. Control records and aborted ones take up offsets, so the end is reached by position,
 * not by a last record. Nothing fetched means that an open transaction stands in the way: it is decided, at the latest by its
 * timeout, before the reader passes it.
 */
async function* readRange(cluster: Cluster, range: Range): AsyncGenerator<StoredRecord> {
  let { next } = range;
  while (next < range.end) {
    const { messages } = await fetch(cluster, { ...range, next });
    for (const message of messages) {
      const offset = Number(message.offset);
      const wanted = offset >= next && offset < range.end && message.isControlRecord !== true;
      if (wanted) yield storedRecord(range, message);
    }
    next = Math.max(next, Number(messages.at(-1)?.offset ?? -1) + 1);
  }
}

/**
 * Reads logs without a group. kafkajs has no consumer for that, and a throw-away group would wait for its first rebalance and
 * leave traces, so this uses the layer beneath. `ends` is where readers of committed records stand now; `read` goes up to the
 * high watermark and waits for open transactions below it: a record that was committed behind one is not missed.
 */
export const kafkaReader = (connection: KafkaConnection, ends: LogReader['ends']): LogReader => ({
  ends,
  read: async function* (from) {
    const cluster = kafkaCluster(connection, PATIENT);
    await cluster.connect();
    try {
      for (const range of await rangesOf(cluster, from)) yield* readRange(cluster, range);
    } finally {
      await cluster.disconnect();
    }
  },
});
