import { describe, expect, test } from 'vitest';
import { storedRecord } from '#adapters/kafka/stored-record.ts';
import { letterHeaders } from '#stream/dialects.ts';

const int = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const long = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A record as the broker hands it over: headers are bytes. */
const onDlq = (headers: Record<string, Buffer | string>) =>
  storedRecord(
    { topic: 'tracks.links.dlq', partition: 2 },
    { offset: '40', timestamp: String(AT), key: null, value: Buffer.from('x'), headers },
  );

const read = (headers: Record<string, Buffer | string>) => letterHeaders(onDlq(headers), 'tracks.links', 'links');

const spring = (offset: number, partition = 3) => ({
  'kafka_dlt-original-topic': Buffer.from('tracks.publishing-checked'),
  'kafka_dlt-original-partition': int(partition),
  'kafka_dlt-original-offset': long(offset),
  'kafka_dlt-original-timestamp': long(AT - 5000),
  'kafka_dlt-original-consumer-group': Buffer.from('links-in-java'),
  'kafka_dlt-exception-fqcn': Buffer.from('org.springframework.kafka.listener.ListenerExecutionFailedException'),
  'kafka_dlt-exception-cause-fqcn': Buffer.from('org.example.TooShy$Really'),
  'kafka_dlt-exception-message': Buffer.from('track 17 was "too shy"'),
  kafka_deliveryAttempt: int(4),
  ce_subject: Buffer.from('kept'),
});

describe('the dead letters of other systems', () => {
  test('of Spring Kafka are read, with its numbers in bytes', () => {
    expect(read(spring(200))).toMatchObject({
      'dl-id': 'links-in-java:tracks.publishing-checked:3:200',
      'dl-origin-topic': 'tracks.publishing-checked',
      'dl-origin-partition': '3',
      'dl-origin-offset': '200',
      'dl-origin-timestamp': new Date(AT - 5000).toISOString(),
      'dl-group': 'links-in-java',
      'dl-phase': 'links',
      'dl-attempts': '4',
      'dl-first-failed-at': new Date(AT).toISOString(),
      'dl-last-failed-at': new Date(AT).toISOString(),
      'dl-class': 'unknown',
      'dl-error': 'Really',
      'dl-error-message': 'track 17 was "too shy"',
      'dl-forwarded': 'false',
      ce_subject: 'kept',
    });
  });

  test.each([0, 127, 128, 200, 255, 256, 50_089, 65_535, 2 ** 31, 2 ** 40 + 0xc3a9, 48 * 2 ** 24])(
    'keep a number whatever its bytes look like as text: %i',
    (offset) => {
      expect(read(spring(offset))).toMatchObject({ 'dl-origin-offset': String(offset) });
      expect(read(spring(1, offset % 2 ** 31))).toMatchObject({ 'dl-origin-partition': String(offset % 2 ** 31) });
    },
  );

  test('of Kafka Connect are read, with its numbers as text', () => {
    const headers = {
      '__connect.errors.topic': 'tracks.complete',
      '__connect.errors.partition': '1',
      '__connect.errors.offset': '77',
      '__connect.errors.connector.name': 'warehouse',
      '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
      '__connect.errors.exception.message': 'no such column',
    };
    expect(read(headers)).toMatchObject({
      'dl-id': 'warehouse:tracks.complete:1:77',
      'dl-error': 'DataException',
      'dl-error-message': 'no such column',
      'dl-attempts': '1',
    });
  });

  test.each([
    ['Kafka Streams', '__streams.errors.', 'tracks.links'],
    ['a share group', '__dlq.errors.', 'tracks.links'],
    ['a Spring retry topic', 'kafka_original-', 'tracks.links'],
  ])('of %s are read', (_, prefix, group) => {
    const headers = { [`${prefix}topic`]: 't', [`${prefix}partition`]: '0', [`${prefix}offset`]: '5' };
    expect(read(headers)).toMatchObject({ 'dl-id': `${group}:t:0:5`, 'dl-error': 'unknown' });
  });

  test('of one cause share a fingerprint', () => {
    const other = { ...spring(201), 'kafka_dlt-exception-message': 'track 18 was "very shy"' };
    const third = { ...spring(202), 'kafka_dlt-exception-message': 'something else' };
    const [a, b, c] = [spring(200), other, third].map((headers) => read(headers)?.['dl-fingerprint']);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });

  test('of our own are left as they are', () => {
    const ours = { 'dl-id': 'x', 'dl-error': 'TIMEOUT', 'kafka_dlt-original-topic': 'added by somebody later' };
    expect(read(ours)).toEqual(ours);
  });

  test.each([
    {},
    { 'kafka_dlt-original-topic': 't' },
    { ...spring(1), 'kafka_dlt-original-offset': long(-1) },
    { ...spring(1), 'kafka_dlt-original-partition': 'several' },
    { ...spring(1), 'kafka_dlt-original-topic': '' },
  ])('that do not say where they come from are none', (headers) => {
    expect(read(headers)).toBeNull();
  });

  test('with a moment that no calendar has are dated by the broker', () => {
    const headers = { ...spring(1), 'kafka_dlt-original-timestamp': long(Number.MAX_SAFE_INTEGER) };
    expect(read(headers)).toMatchObject({ 'dl-origin-timestamp': new Date(AT).toISOString() });
  });
});
