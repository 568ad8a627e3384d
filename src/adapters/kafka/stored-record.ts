import { isUtf8 } from 'node:buffer';
import type { Headers, StoredRecord, TopicPartition } from '#stream/record.ts';

/** What kafkajs says of a record. */
export type FetchedRecord = {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>;
};

/** Strangers write numbers as bytes (Spring). What is no UTF-8 becomes one character a byte, so that it can be read back whole. */
const textOf = (value: Buffer | string): string => {
  if (typeof value === 'string') return value;
  const text = value.toString('utf8');
  return text.includes('\uFFFD') && !isUtf8(value) ? value.toString('latin1') : text;
};

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
