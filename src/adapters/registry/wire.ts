import type avsc from 'avsc';

/** The Confluent wire format: a zero byte, the schema id as a big-endian int32, the Avro body. */
const MAGIC = 0;
const HEADER = 5;

/** Writes values in the wire format. The bytes of one are copied out before the next is begun. */
export function framer(): (type: avsc.Type, id: number, value: unknown) => Buffer {
  let scratch = Buffer.allocUnsafe(64 * 1024);
  return function frame(type, id, value) {
    const end = type.encode(value, scratch, HEADER);
    if (end < 0) {
      // avsc answers by how many bytes the room was too small.
      scratch = Buffer.allocUnsafe(2 * (scratch.length - end));
      return frame(type, id, value);
    }
    scratch.writeUInt8(MAGIC, 0);
    scratch.writeInt32BE(id, 1);
    return Buffer.from(scratch.subarray(0, end));
  };
}

/** @returns the schema id and the Avro body, or `null` when the bytes are not in the wire format */
export function unframe(bytes: Buffer): { readonly id: number; readonly body: Buffer } | null {
  if (bytes.length < HEADER || bytes[0] !== MAGIC) return null;
  return { id: bytes.readInt32BE(1), body: bytes.subarray(HEADER) };
}
