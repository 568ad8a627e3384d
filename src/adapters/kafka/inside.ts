import { createRequire } from 'node:module';
import type { ISocketFactory, logCreator, RetryOptions } from 'kafkajs';
import type { RawRecord } from './aborted.ts';
import { connectionSettings, type KafkaConnection, kafkajsLog } from './client.ts';
import { repairKafkajs } from './repairs.ts';

type PartitionOffset = { readonly partition: number; readonly offset: string };

export type FetchedPartition = { readonly partition: number; readonly messages: readonly RawRecord[] };

export type Broker = {
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  }): Promise<{ responses: readonly { topicName: string; partitions: readonly FetchedPartition[] }[] }>;
};

/** The part of kafkajs below its consumers, which knows brokers and partitions and nothing of groups. */
export type Cluster = {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number }[];
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
  findBroker(options: { nodeId: string }): Promise<Broker>;
  fetchTopicsOffset(
    topics: { topic: string; fromBeginning: boolean; partitions: { partition: number }[] }[],
  ): Promise<{ topic: string; partitions: readonly PartitionOffset[] }[]>;
};

type ClusterOptions = ReturnType<typeof connectionSettings> & {
  logger: unknown;
  retry: RetryOptions;
  socketFactory: ISocketFactory;
  metadataMaxAge: number;
  allowAutoTopicCreation: boolean;
  isolationLevel: number;
};

export const READ_UNCOMMITTED = 0;
export const READ_COMMITTED = 1;

const inside = createRequire(import.meta.url);

/** A cluster whose listed offsets are high watermarks: they count what is undecided too. */
export const kafkaCluster = (connection: KafkaConnection, retry: RetryOptions): Cluster => {
  repairKafkajs();
  const ClusterOfKafkajs: new (options: ClusterOptions) => Cluster = inside('kafkajs/src/cluster');
  const loggers: { createLogger: (options: { level: number; logCreator: logCreator }) => unknown } =
    inside('kafkajs/src/loggers');
  const defaultSockets: () => ISocketFactory = inside('kafkajs/src/network/socketFactory');
  const INFO = 4;
  return new ClusterOfKafkajs({
    socketFactory: defaultSockets(),
    ...connectionSettings(connection),
    logger: loggers.createLogger({ level: INFO, logCreator: kafkajsLog(connection.log) }),
    retry,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    isolationLevel: READ_UNCOMMITTED,
  });
};
