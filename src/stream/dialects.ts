import { eventIdOf } from './envelope.ts';
import { fingerprintFor } from './fingerprint.ts';
import type { Headers, StoredRecord } from './record.ts';

/** Where another system writes what our `dl-` headers say: names of headers, the first that is there counts. */
type Dialect = {
  readonly topic: string;
  readonly partition: string;
  readonly offset: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: readonly string[];
  readonly group: readonly string[];
  readonly error: readonly string[];
  readonly message: readonly string[];
  readonly attempts: readonly string[];
};

const spring = (prefix: string): Dialect => ({
  topic: `${prefix}original-topic`,
  partition: `${prefix}original-partition`,
  offset: `${prefix}original-offset`,
  timestamp: [`${prefix}original-timestamp`],
  group: ['kafka_dlt-original-consumer-group'],
  // The cause says more than the listener's exception around it.
  error: [`${prefix}exception-cause-fqcn`, `${prefix}exception-fqcn`],
  message: [`${prefix}exception-message`],
  attempts: ['kafka_deliveryAttempt', 'retry_topic-attempts'],
});

/** Spring Kafka's dead-letter and retry topics, Kafka Connect, Kafka Streams (KIP-1034), share groups (KIP-1191). */
const DIALECTS: readonly Dialect[] = [
  spring('kafka_dlt-'),
  spring('kafka_'),
  {
    topic: '__connect.errors.topic',
    partition: '__connect.errors.partition',
    offset: '__connect.errors.offset',
    timestamp: [],
    group: ['__connect.errors.connector.name'],
    error: ['__connect.errors.exception.class.name'],
    message: ['__connect.errors.exception.message'],
    attempts: [],
  },
  {
    topic: '__streams.errors.topic',
    partition: '__streams.errors.partition',
    offset: '__streams.errors.offset',
    timestamp: [],
    group: [],
    error: ['__streams.errors.exception'],
    message: ['__streams.errors.message'],
    attempts: [],
  },
  {
    topic: '__dlq.errors.topic',
    partition: '__dlq.errors.partition',
    offset: '__dlq.errors.offset',
    timestamp: [],
    group: ['__dlq.errors.group'],
    error: [],
    message: ['__dlq.errors.message'],
    attempts: ['__dlq.errors.delivery.count'],
  },
];

/** Bytes as they stood: text of another length than the number's is one character a byte, or was UTF-8 by chance. */
function bytesOf(text: string, length: number): Buffer | null {
  if (text.length === length) return Buffer.from(text, 'latin1');
  const bytes = Buffer.from(text);
  return bytes.length === length ? bytes : null;
}

/** The last moment that a `Date` can hold. Offsets and partitions are far below it too. */
const MOST = 8_640_000_000_000_000n;

/** A whole number in digits, or in the four or eight big-endian bytes that Spring writes; `null` when it is neither. */
function wholeOf(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const long = bytesOf(text, 8)?.readBigInt64BE() ?? BigInt(bytesOf(text, 4)?.readInt32BE() ?? -1);
  return long < 0n || long > MOST ? null : Number(long);
}

const firstOf = (headers: Headers, names: readonly string[]): string | null =>
  names.map((name) => headers[name]).find((value) => value !== undefined && value !== '') ?? null;

/** `org.example.BadInputException` → `BadInputException`. */
const simpleName = (className: string): string => className.split(/[.$]/).at(-1) || className;

const bounded = (message: string): string => message.slice(0, 1024);

/**
 * A dead letter's headers in our words, whoever wrote it.
 * @param group whose dead-letter topic it stands on
 * @returns the headers with `dl-` headers in any case; `null` when they are in no dialect that is known
 */
export function letterHeaders(record: StoredRecord, group: string, phase: string): Headers | null {
  const { headers } = record;
  if (headers['dl-id'] !== undefined) return headers;
  const dialect = DIALECTS.find(({ topic }) => headers[topic] !== undefined);
  return dialect === undefined ? null : translated(record, dialect, group, phase);
}

function translated(record: StoredRecord, dialect: Dialect, owner: string, phase: string): Headers | null {
  const { headers } = record;
  const topic = headers[dialect.topic];
  const partition = wholeOf(headers[dialect.partition] ?? null);
  const offset = wholeOf(headers[dialect.offset] ?? null);
  if (!topic || partition === null || offset === null) return null;
  const group = firstOf(headers, dialect.group) ?? owner;
  const code = simpleName(firstOf(headers, dialect.error) ?? 'unknown');
  const message = bounded(firstOf(headers, dialect.message) ?? '');
  const failedAt = new Date(record.timestamp).toISOString();
  const timestamp = wholeOf(firstOf(headers, dialect.timestamp)) ?? record.timestamp;
  return {
    ...headers,
    'dl-id': eventIdOf(group, { topic, partition, offset }),
    'dl-origin-topic': topic,
    'dl-origin-partition': String(partition),
    'dl-origin-offset': String(offset),
    'dl-origin-timestamp': new Date(timestamp).toISOString(),
    'dl-group': group,
    'dl-phase': phase,
    'dl-attempts': String(wholeOf(firstOf(headers, dialect.attempts)) ?? 1),
    'dl-first-failed-at': failedAt,
    'dl-last-failed-at': failedAt,
    'dl-class': 'unknown',
    'dl-error': code,
    'dl-error-message': message,
    'dl-fingerprint': fingerprintFor({ phase, class: 'unknown', code, message }),
    'dl-redrives': '0',
    // Nobody but our own stages sends an event on beside its letter.
    'dl-forwarded': 'false',
  };
}
