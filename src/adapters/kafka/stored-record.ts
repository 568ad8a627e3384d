import type { Headers, StoredRecord, TopicPartition } from '#stream/record.ts';

/** What kafkajs says of a record. */
export type FetchedRecord = {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>;
};

const textOf = (value: Buffer | string): string => (typeof value === 'string' ? value : value.toString('utf8'));

/** Kafka allows a header several times; the last one counts, as CloudEvents and Java's `lastHeader` have it. */
const headersOf = (headers: NonNullable<FetchedRecord['headers']>): Headers => {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : (value as Buffer | string | undefined);
    if (last !== undefined && last !== null) texts[name] = textOf(last);
  }
  return texts;
};

export const storedRecord = ({ topic, partition }: TopicPartition, fetched: FetchedRecord): StoredRecord => ({
  topic,
  partition,
  offset: Number(fetched.offset),
  timestamp: Number(fetched.timestamp),
  key: fetched.key ?? null,
  value: fetched.value ?? null,
  headers: headersOf(fetched.headers ?? {}),
});
