import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordPiece, type WireRecord } from '#adapters/kafka/record-piece.ts';

type OwnEncoding = (record: WireRecord) => { readonly buffer: Buffer };
const kafkajsOwn: OwnEncoding = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/record/v0');

/** What a record is written as, behind a byte that is another's. */
function recordBytes(record: WireRecord): Buffer {
  const { size, writeTo } = recordPiece(record);
  const into = Buffer.alloc(1 + size);
  expect(writeTo(into, 1)).toBe(into.length);
  return into.subarray(1);
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 9_000 }).map((array) => Buffer.from(array)),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
);
const records = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(fc.string({ maxLength: 40 }), fc.oneof(bytes, fc.array(bytes, { maxLength: 3 }))),
  offsetDelta: fc.nat(),
  timestampDelta: fc.integer({ min: -1_000, max: 2 ** 40 }),
});

test('a record is encoded in exactly the bytes that kafkajs itself would write', () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(recordBytes(record).equals(kafkajsOwn(record).buffer)).toBe(true);
    }),
  );
});

test('a record without key, value and headers is encoded too', () => {
  expect(recordBytes({}).equals(kafkajsOwn({}).buffer)).toBe(true);
});
