import { createRequire } from 'node:module';
import { recordBytes, type WireRecord } from './record-bytes.ts';

const inside = createRequire(import.meta.url);

/** kafkajs's growing buffer. `buf` is its room, `buffer` the part of it that is written. */
type Encoder = { buf: Buffer; offset: number; readonly buffer: Buffer };
type EncoderClass = { nextPowerOfTwo(size: number): number; prototype: object };

/** Takes the place of kafkajs's encoding of one record; it has not been loaded before the first request that writes. */
const replaceRecords = (): void => {
  const path = inside.resolve('kafkajs/src/protocol/recordBatch/record/v0');
  inside(path);
  const module = inside.cache[path];
  if (module === undefined) return;
  module.exports = (record: WireRecord) => {
    const bytes = recordBytes(record);
    return { buf: bytes, buffer: bytes };
  };
};

/** Room is not zeroed before it is written over, and a list of pieces gets its room at once instead of by doubling. */
const lightenEncoder = (): void => {
  const encoder: EncoderClass = inside('kafkajs/src/protocol/encoder');
  const ensureAvailable = function (this: Encoder, length: number): void {
    if (this.offset + length <= this.buf.length) return;
    const room = Buffer.allocUnsafe(encoder.nextPowerOfTwo(this.offset + length));
    this.buf.copy(room, 0, 0, this.offset);
    this.buf = room;
  };
  const writeEncoderArray = function (this: Encoder, pieces: readonly Encoder[]): Encoder {
    const buffers = pieces.map(({ buffer }) => buffer);
    ensureAvailable.call(
      this,
      buffers.reduce((sum, { length }) => sum + length, 0),
    );
    for (const buffer of buffers) this.offset += buffer.copy(this.buf, this.offset);
    return this;
  };
  Object.assign(encoder.prototype, { ensureAvailable, writeEncoderArray });
};

/** Makes kafkajs write record batches with a fraction of the memory and time that it takes by itself; the bytes are the same. */
export const lightenWriting = (): void => {
  replaceRecords();
  lightenEncoder();
};
