import { expect, test } from 'vitest';
import { kafkajsLog } from '#adapters/kafka/client.ts';
import { messagesByTopic } from '#adapters/kafka/outgoing.ts';
import { storedRecord } from '#adapters/kafka/stored-record.ts';

test('a fetched record becomes numbers, text headers and nulls; of a repeated header the last counts', () => {
  const fetched = {
    offset: '9007199254740991',
    timestamp: '1700000000000',
    key: null,
    value: Buffer.from('v'),
    headers: { ce_id: Buffer.from('ä'), twice: [Buffer.from('first'), 'last'], none: undefined },
  };
  expect(storedRecord({ topic: 't', partition: 3 }, fetched)).toEqual({
    topic: 't',
    partition: 3,
    offset: 9007199254740991,
    timestamp: 1700000000000,
    key: null,
    value: Buffer.from('v'),
    headers: { ce_id: 'ä', twice: 'last' },
  });
});

test('records to be written are grouped by topic in their order, and name a partition only when they have one', () => {
  const record = (topic: string, value: string, partition: number | null) => ({
    topic,
    partition,
    key: null,
    value: Buffer.from(value),
    headers: { h: value },
  });
  expect(messagesByTopic([record('a', '1', 2), record('b', '2', null), record('a', '3', null)])).toEqual([
    {
      topic: 'a',
      messages: [
        { key: null, value: Buffer.from('1'), headers: { h: '1' }, partition: 2 },
        { key: null, value: Buffer.from('3'), headers: { h: '3' } },
      ],
    },
    { topic: 'b', messages: [{ key: null, value: Buffer.from('2'), headers: { h: '2' } }] },
  ]);
});

test('what kafkajs retries is logged at debug, what is wrong at error', () => {
  const lines: string[] = [];
  const at = (level: string) => (_: object, message: string) => lines.push(`${level} ${message}`);
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const write = kafkajsLog(log)(4);
  for (const message of ['Response InitProducerId', 'Offset out of range, resetting to default offset']) {
    write({ namespace: 'Connection', level: 1, label: 'ERROR', log: { message, timestamp: '', logger: 'kafkajs' } });
  }
  expect(lines).toEqual(['debug Response InitProducerId', 'error Offset out of range, resetting to default offset']);
});
