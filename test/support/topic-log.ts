import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';

// An independent reader of committed records. It shares nothing with the product's: it fetches everything, undecided
// and aborted records included, and decides by the markers in the log itself. The ready-made consumers cannot be the
// judge here: neither kafkajs 2.2.4 nor @platformatic/kafka 2.12 hides all aborted records when transactions overlap.

/** A committed record as it stands on a topic. */
export type LoggedRecord = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
};

/** All committed records of some topics, as far as they were read. */
export type TopicLog = {
  /** Reads on to the ends as they stand now; fails when a transaction is still undecided there. */
  readToEnds(): Promise<void>;
  records(topic: string): readonly LoggedRecord[];
  /** The group's committed offset by partition of the topic; 0 where there is none. */
  committed(group: string, topic: string): Promise<readonly number[]>;
  close(): Promise<void>;
};

type Fetched = {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
  readonly isControlRecord?: boolean;
};

type Cluster = {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
  findBroker(by: { nodeId: string }): Promise<{
    fetch(request: object): Promise<{ responses: readonly { partitions: readonly { messages: Fetched[] }[] }[] }>;
  }>;
};

const FETCH_BYTES = 8 * 1024 * 1024;
const COMMIT = 1;

const inside = createRequire(import.meta.url);

const clusterOf = (brokers: readonly string[]): Cluster => {
  const Cluster: new (options: object) => Cluster = inside('kafkajs/src/cluster');
  const { createLogger } = inside('kafkajs/src/loggers');
  return new Cluster({
    logger: createLogger({ level: kafkajs.logLevel.NOTHING, logCreator: () => () => undefined }),
    socketFactory: inside('kafkajs/src/network/socketFactory')(),
    brokers: [...brokers],
    clientId: 'verifier',
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    retry: { retries: 5 },
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    isolationLevel: 0,
  });
};

const textOf = (value: Fetched['headers'][string]): string => String(Array.isArray(value) ? value[0] : (value ?? ''));

/** One partition: where to go on, what is committed, and what open transactions have written so far. */
function partitionLog(topic: string, partition: number) {
  const records: LoggedRecord[] = [];
  const undecided = new Map<string, LoggedRecord[]>();
  let next = 0;

  const recordOf = ({ offset, timestamp, key, value, headers }: Fetched): LoggedRecord => ({
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key,
    value,
    headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, textOf(header)])),
  });

  const decide = (producerId: string, commit: boolean): void => {
    if (commit) records.push(...(undecided.get(producerId) ?? []));
    undecided.delete(producerId);
  };

  return {
    records,
    next: () => next,
    undecided: () => [...undecided.values()].reduce((sum, { length }) => sum + length, 0),
    take(fetched: Fetched): void {
      // A batch may begin below the offset that was asked for.
      if (Number(fetched.offset) < next) return;
      next = Number(fetched.offset) + 1;
      const { producerId, inTransaction } = fetched.batchContext;
      if (fetched.isControlRecord === true) decide(producerId, fetched.key?.readInt16BE(2) === COMMIT);
      else if (!inTransaction) records.push(recordOf(fetched));
      else undecided.set(producerId, [...(undecided.get(producerId) ?? []), recordOf(fetched)]);
    },
  };
}

type PartitionLog = ReturnType<typeof partitionLog>;

/** Opens the topics' logs at their beginnings; nothing is read yet. */
export async function topicLog(brokers: readonly string[], topics: readonly string[]): Promise<TopicLog> {
  const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  const cluster = clusterOf(brokers);
  await Promise.all([admin.connect(), cluster.connect()]);
  const logs = new Map<string, readonly PartitionLog[]>();
  // Not by their offsets: the leader of a topic that was just made may not know yet that it leads.
  for (const { name: topic, partitions } of (await admin.fetchTopicMetadata({ topics: [...topics] })).topics) {
    const numbers = partitions.map(({ partitionId }) => partitionId).sort((a, b) => a - b);
    logs.set(
      topic,
      numbers.map((partition) => partitionLog(topic, partition)),
    );
    await cluster.addTargetTopic(topic);
  }
  await cluster.refreshMetadata();

  const readPartition = async (topic: string, partition: number, log: PartitionLog, end: number): Promise<void> => {
    while (log.next() < end) {
      const [leader = ''] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
      const broker = await cluster.findBroker({ nodeId: leader });
      const { responses } = await broker.fetch({
        maxWaitTime: 250,
        minBytes: 1,
        maxBytes: FETCH_BYTES,
        isolationLevel: 0,
        topics: [{ topic, partitions: [{ partition, fetchOffset: String(log.next()), maxBytes: FETCH_BYTES }] }],
      });
      for (const message of responses[0]?.partitions[0]?.messages ?? []) log.take(message);
    }
  };

  const readTopic = async (topic: string, partitions: readonly PartitionLog[]): Promise<void> => {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      const log = partitions[partition];
      if (log !== undefined) await readPartition(topic, partition, log, Number(high));
    }
  };

  return {
    async readToEnds() {
      for (const [topic, partitions] of logs) await readTopic(topic, partitions);
      const open = [...logs].filter(([, partitions]) => partitions.some((log) => log.undecided() > 0));
      if (open.length > 0) throw new Error(`Undecided records stand on ${open.map(([topic]) => topic).join(', ')}.`);
    },
    records: (topic) => (logs.get(topic) ?? []).flatMap(({ records }) => records),
    async committed(group, topic) {
      const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      const offsets = (found?.partitions ?? []).toSorted((a, b) => a.partition - b.partition);
      return offsets.map(({ offset }) => Math.max(0, Number(offset)));
    },
    async close() {
      await Promise.all([admin.disconnect(), cluster.disconnect()]);
    },
  };
}
