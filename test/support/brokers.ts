import { connect as connectSocket, type Socket } from 'node:net';
import kafkajs, { type ISocketFactory } from 'kafkajs';
import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { kafkaBroker } from '#adapters/kafka/broker.ts';
import type { KafkaLog } from '#adapters/kafka/client.ts';
import { messagesByTopic } from '#adapters/kafka/outgoing.ts';
import { memoryBroker } from '#adapters/memory/broker.ts';
import type { LogReader, OpenWriter, PlacesOf, RangeOf, Subscribe } from '#stream/ports.ts';
import type { OutgoingRecord, Position } from '#stream/record.ts';
import { kafkaBrokers } from '#test/support/addresses.ts';
import { within } from '#test/support/within.ts';

/** One process's view of a broker. */
export type BrokerClient = {
  readonly subscribe: Subscribe;
  readonly openWriter: OpenWriter;
  readonly reader: LogReader;
  readonly places: PlacesOf;
  readonly range: RangeOf;
  /** As the process's kill -9: the broker sees the connections drop, and nobody leaves or closes anything. */
  readonly kill: () => void;
};

/** A broker as the contract suite drives it. */
export type BrokerUnderTest = {
  readonly sessionTimeoutMs: number;
  /** Larger records are refused. */
  readonly maxRecordBytes: number;
  readonly connect: () => BrokerClient;
  readonly createTopic: (name: string, partitions: number) => Promise<void>;
  /** Writes outside any transaction. */
  readonly produce: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** Deletes the records below an offset, as retention does. */
  readonly deleteRecords: (before: Position) => Promise<void>;
  /** Begins a transaction, writes the records, and is gone: undecided until a writer with this id opens. */
  readonly leaveOpen: (transactionalId: string, records: readonly OutgoingRecord[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

export const memoryUnderTest = async (): Promise<BrokerUnderTest> => {
  const sessionTimeoutMs = 50;
  const maxRecordBytes = 1_000_000;
  const broker = memoryBroker({ sessionTimeoutMs, maxRecordBytes });
  return {
    sessionTimeoutMs,
    maxRecordBytes,
    connect: broker.connect,
    createTopic: async (name, partitions) => broker.createTopic(name, partitions),
    produce: async (records) => {
      broker.produce(records);
    },
    deleteRecords: async (before) => broker.deleteRecords(before),
    leaveOpen: async (transactionalId, records) => {
      const writer = await broker.openWriter(transactionalId);
      broker.failNextCommit('left-open');
      await writer.commit(records, null);
    },
    close: async () => undefined,
  };
};

const silent = (): void => undefined;

/** A log that keeps nothing. */
export const silentLog: KafkaLog = { debug: silent, info: silent, warn: silent, error: silent };

/** Connections that can all be cut at once, after which there are no new ones. */
const cuttableSockets = (): { sockets: ISocketFactory; cut: () => void } => {
  const open = new Set<Socket>();
  let dead = false;
  return {
    sockets: ({ host, port, onConnect }) => {
      const socket = connectSocket({ host, port }, onConnect);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      if (dead) socket.destroy(new Error('This client was killed.'));
      return socket;
    },
    cut: () => {
      dead = true;
      for (const socket of open) socket.destroy(new Error('This client was killed.'));
    },
  };
};

const leaveOpen = async (brokers: string[], transactionalId: string, records: readonly OutgoingRecord[]) => {
  const { sockets, cut } = cuttableSockets();
  const client = new kafkajs.Kafka({
    brokers,
    socketFactory: sockets,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const producer = client.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { retries: 5 },
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.sendBatch({ topicMessages: messagesByTopic(records) });
  cut();
};

const deleteRecords = async (brokers: string[], { topic, partition, offset }: Position): Promise<void> => {
  const eraser = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await eraser.connect();
  // kafkajs deletes records only of topics it has looked at before.
  await eraser.fetchTopicOffsets(topic);
  await eraser.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
  await eraser.disconnect();
};

/** The running Kafka, with sessions as short as any broker allows by default. */
export const kafkaUnderTest = async (): Promise<BrokerUnderTest> => {
  const sessionTimeoutMs = 6_000;
  const maxRecordBytes = 1_000_000;
  const brokers = kafkaBrokers();
  const connection = { brokers, clientId: 'contract', log: silentLog };
  const admin = kafkaAdmin(connection);
  const upstream = kafkaBroker(connection);
  const clients: { close: () => Promise<void> }[] = [upstream, admin];
  return {
    sessionTimeoutMs,
    maxRecordBytes,
    connect: () => {
      const { sockets, cut } = cuttableSockets();
      const broker = kafkaBroker({ ...connection, sockets, sessionTimeoutMs, rebalanceTimeoutMs: sessionTimeoutMs });
      clients.push(broker);
      return { ...broker, kill: cut };
    },
    createTopic: async (name, partitions) => {
      const config = { 'max.message.bytes': String(maxRecordBytes) };
      // A busy broker may have made the topic and still not know it: what follows must not depend on how soon it does.
      await admin.create([{ name, partitions, replication: 1, config }]).catch(() => undefined);
      const isThere = () =>
        admin.ends(name).then(
          ({ length }) => length === partitions,
          () => false,
        );
      await within(isThere, 20_000, () => `the topic ${name}`);
    },
    produce: upstream.produce,
    deleteRecords: (before) => deleteRecords(brokers, before),
    leaveOpen: (transactionalId, records) => leaveOpen(brokers, transactionalId, records),
    close: async () => {
      await Promise.allSettled(clients.map((client) => client.close()));
    },
  };
};
