import kafkajs, { type Producer } from 'kafkajs';
import type { LogReader, OpenWriter, PlacesOf, RangeOf, Subscribe } from '#stream/ports.ts';
import type { OutgoingRecord, TopicPartition } from '#stream/record.ts';
import { kafkaAdmin } from './admin.ts';
import { type KafkaConnection, kafkaClient, PATIENT } from './client.ts';
import { messagesByTopic, sendable } from './outgoing.ts';
import { kafkaReader } from './reader.ts';
import { kafkaSubscribe } from './subscribe.ts';
import { kafkaWriters } from './writer.ts';

export type KafkaBrokerOptions = KafkaConnection & {
  /** A member that is silent for so long has left; 10 s unless told. */
  readonly sessionTimeoutMs?: number;
  /** Members that have not joined again after so long are out; 10 s unless told. */
  readonly rebalanceTimeoutMs?: number;
  /** 15 s unless told. */
  readonly transactionTimeoutMs?: number;
};

export type KafkaBroker = {
  readonly subscribe: Subscribe;
  readonly openWriter: OpenWriter;
  readonly reader: LogReader;
  readonly places: PlacesOf;
  readonly range: RangeOf;
  /** Writes outside any transaction: not for stages. */
  readonly produce: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** Closes what is shared. Memberships are left and writers closed by whoever has them, before this. */
  readonly close: () => Promise<void>;
};

/** The engine's broker ports on kafkajs. Connects at first use. */
export const kafkaBroker = (options: KafkaBrokerOptions): KafkaBroker => {
  const { sessionTimeoutMs = 10_000, rebalanceTimeoutMs = 10_000, transactionTimeoutMs = 15_000 } = options;
  const admin = kafkaAdmin(options);

  const committed = async (group: string, { topic, partition }: TopicPartition): Promise<number | null> =>
    (await admin.groupOffsets(group, [topic])).find((offset) => offset.partition === partition)?.offset ?? null;

  let producing: Promise<Producer> | null = null;
  const connectProducer = async (): Promise<Producer> => {
    const { DefaultPartitioner } = kafkajs.Partitioners;
    const producer = kafkaClient(options, PATIENT).producer({
      allowAutoTopicCreation: false,
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  };

  return {
    subscribe: kafkaSubscribe(options, { sessionTimeoutMs, rebalanceTimeoutMs, rangeOf: admin.range }),
    openWriter: kafkaWriters(options, { transactionTimeoutMs, committed }),
    reader: kafkaReader(options, admin.ends),
    places: async (group, partitions) => {
      const committed = await admin.groupOffsets(group, [...new Set(partitions.map(({ topic }) => topic))]);
      const isAsked = (place: TopicPartition): boolean =>
        partitions.some(({ topic, partition }) => topic === place.topic && partition === place.partition);
      return committed.flatMap(({ offset, ...place }) =>
        offset === null || !isAsked(place) ? [] : [{ ...place, offset }],
      );
    },
    range: admin.range,
    produce: async (records) => {
      producing ??= connectProducer();
      const producer = await producing;
      for await (const part of sendable(records))
        await producer.sendBatch({ acks: -1, topicMessages: messagesByTopic(part) });
    },
    close: async () => {
      await (await producing)?.disconnect();
      producing = null;
      await admin.close();
    },
  };
};
