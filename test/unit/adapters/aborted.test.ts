import { expect, test } from 'vitest';
import { abortedRecords, type RawRecord } from '#adapters/kafka/aborted.ts';

const data = (offset: number, producerId: string, inTransaction = true): RawRecord => ({
  offset: String(offset),
  timestamp: '0',
  key: null,
  value: null,
  headers: {},
  batchContext: { producerId, inTransaction },
});

const marker = (offset: number, producerId: string, type: 'abort' | 'commit'): RawRecord => ({
  ...data(offset, producerId),
  key: Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]),
  isControlRecord: true,
});

const offsets = (records: readonly RawRecord[]): number[] => records.map(({ offset }) => Number(offset));

test('finds the records of transactions that overlap, though brokers list these in the order in which they ended', () => {
  const records = [data(0, 'long'), data(1, 'short'), marker(2, 'short', 'abort'), marker(3, 'long', 'abort')];
  const transactions = [
    { producerId: 'short', firstOffset: '1' },
    { producerId: 'long', firstOffset: '0' },
  ];
  expect(offsets(abortedRecords(records, transactions))).toEqual([0, 1]);
});

test('finds them when the records begin inside several aborted transactions', () => {
  const records = [data(8, 'b'), data(9, 'a'), marker(10, 'a', 'abort'), marker(11, 'b', 'abort')];
  const transactions = [
    { producerId: 'a', firstOffset: '3' },
    { producerId: 'b', firstOffset: '5' },
  ];
  expect(offsets(abortedRecords(records, transactions))).toEqual([8, 9]);
});

test("leaves the same producer's next transaction, other producers and records outside transactions alone", () => {
  const records = [
    data(0, 'a'),
    data(1, 'b'),
    data(2, 'a', false),
    marker(3, 'a', 'abort'),
    data(4, 'a'),
    marker(5, 'a', 'commit'),
  ];
  expect(offsets(abortedRecords(records, [{ producerId: 'a', firstOffset: '0' }]))).toEqual([0]);
});

test('takes no record for a marker because of its key', () => {
  const looksLikeMarker = { ...data(1, 'a'), key: Buffer.from([0, 0, 0, 0]) };
  const records = [data(0, 'a'), looksLikeMarker, data(2, 'a')];
  expect(offsets(abortedRecords(records, [{ producerId: 'a', firstOffset: '0' }]))).toEqual([0, 1, 2]);
});
