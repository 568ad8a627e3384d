import kafkajs, { type Producer, type RetryOptions, type Transaction } from 'kafkajs';
import { within } from '#adapters/group/within.ts';
import type { OpenWriter, Progress, TransactionalWriter } from '#stream/ports.ts';
import type { OutgoingRecord, OutgoingRecords, TopicPartition } from '#stream/record.ts';
import { type KafkaConnection, kafkaClient } from './client.ts';
import { messagesByTopic, sendable } from './outgoing.ts';

export type WriterSettings = {
  /** Readers of committed records wait at most this long for what a killed writer left open, unless its id is opened before. */
  readonly transactionTimeoutMs: number;
  readonly committed: (group: string, partition: TopicPartition) => Promise<number | null>;
};

/** The default first wait of 300 ms makes transactions that follow each other four to five times slower. About 25 s in all. */
const BRISK: RetryOptions = { initialRetryTime: 5, factor: 0.2, multiplier: 1.5, maxRetryTime: 1_000, retries: 36 };

/** A broker still writes the end of the last transaction: asked to join the next one, it wants to be asked again. */
const BUSY = 'CONCURRENT_TRANSACTIONS';

const ABORT_MS = 1_000;

const typeOf = (error: unknown): string | null =>
  error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : null;

/** Offsets without records before them meet `BUSY` where kafkajs does not retry; nothing has happened then. */
const sendOffsets = async (transaction: Transaction, { group, next, note }: Progress): Promise<void> => {
  // The protocol has a text beside every offset; kafkajs passes it on and only its types do not know.
  const place = {
    partition: next.partition,
    offset: String(next.offset),
    ...(note === undefined ? {} : { metadata: note }),
  };
  const topics = [{ topic: next.topic, partitions: [place] }];
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction.sendOffsets({ consumerGroupId: group, topics });
    } catch (error) {
      if (typeOf(error) !== BUSY || attempt === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
};

/** The requests of a transaction, and what the source of its records threw: that is not the broker's doing. */
const partsOf = (records: OutgoingRecords) => {
  const source: { error: unknown } = { error: null };
  async function* told(): AsyncGenerator<readonly OutgoingRecord[]> {
    const parts = sendable(records);
    for (;;) {
      const next = await parts.next().catch((error: unknown) => {
        source.error = error;
        throw error;
      });
      if (next.done === true) return;
      yield next.value;
    }
  }
  return { parts: told(), source };
};

const transact = async (
  transaction: Transaction,
  parts: AsyncIterable<readonly OutgoingRecord[]>,
  progress: Progress | null,
): Promise<void> => {
  // Records before offsets: asking for offsets first fails two times of three while the last transaction is being ended.
  for await (const part of parts) {
    await transaction.sendBatch({
      acks: -1,
      compression: kafkajs.CompressionTypes.ZSTD,
      topicMessages: messagesByTopic(part),
    });
  }
  if (progress !== null) await sendOffsets(transaction, progress);
  await transaction.commit();
};

/**
 * Fences whoever holds this id and ends what they left open: kafkajs sends InitProducerId only with the first transaction, so an
 * empty one is begun and ended here. The broker answers only when the end markers of an earlier transaction stand on all its
 * partitions, the group's offsets too, so the committed offset read afterwards is final.
 */
const fence = async (producer: Producer): Promise<void> => {
  await producer.connect();
  const empty = await producer.transaction();
  await empty.abort();
};

/** Transactional writers, each with a connection of its own. */
export const kafkaWriters =
  (connection: KafkaConnection, settings: WriterSettings): OpenWriter =>
  async (transactionalId) => {
    const producer = kafkaClient(connection, BRISK).producer({
      transactionalId,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: settings.transactionTimeoutMs,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      metadataMaxAge: 60_000,
    });
    let spent = false;

    const close = async (): Promise<void> => {
      spent = true;
      await producer.disconnect().catch(() => undefined);
    };

    await fence(producer).catch(async (error: unknown) => {
      await close();
      throw error;
    });

    /**
     * Never used again after any error: a request that is still under way could end a later transaction of the same epoch,
     * and only the next opening, which raises the epoch, keeps it from that. Aborting merely frees readers sooner.
     */
    const giveUp = async (transaction: Transaction | null, error: unknown): Promise<void> => {
      spent = true;
      connection.log.warn({ transactionalId, error: String(error) }, 'A transaction was lost');
      const aborting = transaction?.isActive() === true ? transaction.abort() : Promise.resolve();
      await within(
        aborting.catch(() => undefined),
        ABORT_MS,
      );
      void close();
    };

    const commit: TransactionalWriter['commit'] = async (records, progress) => {
      if (spent) return 'lost';
      let transaction: Transaction | null = null;
      const { parts, source } = partsOf(records);
      try {
        transaction = await producer.transaction();
        await transact(transaction, parts, progress);
        return 'committed';
      } catch (error) {
        await giveUp(transaction, error);
        if (source.error === error) throw error;
        return 'lost';
      }
    };

    return { committed: settings.committed, commit, close };
  };
