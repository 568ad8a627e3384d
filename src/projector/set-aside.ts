import { dlqOf } from '#stream/dead-letter.ts';
import { eventIdOf } from '#stream/envelope.ts';
import { classOf, type Failure } from '#stream/failure.ts';
import type { OpenWriter, TransactionalWriter } from '#stream/ports.ts';
import type { OutgoingRecord, StoredRecord, TopicPartition } from '#stream/record.ts';
import { PROJECTOR_GROUP } from '#track/topology.ts';

/** A record the read model cannot take, and why. A fact is never rejected for good: its bytes stay on the projector's dlq. */
export type Aside = { readonly record: StoredRecord; readonly failure: Failure };

export type SetAside = {
  /** Writes the dead letters of records below `next`, each once, also when it is asked again after a crash. */
  write(asides: readonly Aside[], next: number): Promise<void>;
  close(): Promise<void>;
};

const MESSAGE_BYTES = 1024;

const bounded = (message: string): string =>
  Buffer.from(message).subarray(0, MESSAGE_BYTES).toString('utf8').replaceAll('\uFFFD', '');

/** The dead letter of a record: original key, value and headers, and why. Its id follows from where the record stands. */
export function asideLetter({ record, failure }: Aside): OutgoingRecord {
  return {
    topic: dlqOf(PROJECTOR_GROUP),
    partition: record.partition,
    key: record.key,
    value: record.value,
    headers: {
      ...record.headers,
      'dl-id': eventIdOf(PROJECTOR_GROUP, record),
      'dl-group': PROJECTOR_GROUP,
      'dl-phase': 'projector',
      'dl-origin-topic': record.topic,
      'dl-origin-partition': String(record.partition),
      'dl-origin-offset': String(record.offset),
      'dl-origin-timestamp': new Date(record.timestamp).toISOString(),
      'dl-class': classOf(failure.code),
      'dl-error': failure.code,
      'dl-error-message': bounded(failure.message),
      'dl-forwarded': 'false',
    },
  };
}

type Open = { readonly writer: TransactionalWriter; readonly written: number };

/**
 * Dead letters of one partition. The letters and the group's Kafka offset are one Kafka transaction, so that offset says after a
 * crash which letters are written already; the read model itself never looks at it.
 */
export function setAsideOf({ topic, partition }: TopicPartition, openWriter: OpenWriter): SetAside {
  let open: Open | null = null;

  async function opened(): Promise<Open> {
    const writer = await openWriter(`${PROJECTOR_GROUP}.${topic}.${partition}`);
    return { writer, written: (await writer.committed(PROJECTOR_GROUP, { topic, partition })) ?? 0 };
  }

  async function close(): Promise<void> {
    await open?.writer.close();
    open = null;
  }

  async function write(asides: readonly Aside[], next: number): Promise<void> {
    if (asides.length === 0) return;
    open ??= await opened();
    const { writer, written } = open;
    const missing = asides.filter(({ record }) => record.offset >= written);
    if (missing.length === 0) return;
    const progress = { group: PROJECTOR_GROUP, next: { topic, partition, offset: next } };
    if ((await writer.commit(missing.map(asideLetter), progress)) === 'committed') {
      open = { writer, written: next };
      return;
    }
    await close();
    await write(asides, next);
  }

  return { write, close };
}
