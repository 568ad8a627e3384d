import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const LEAST_ROOM = 4 * 1024;
const MOST_ROOM = 1024 * 1024;

/** A little more than the bytes: node takes room once more as soon as none is left, even when it is done. */
const roomFor = (bytes: number): number => Math.min(Math.ceil(bytes) + LEAST_ROOM, MOST_ROOM);

/** Text shrinks to a third at most, mostly to a quarter. Where a guess is too small, node takes the same room again and joins. */
const SHRINKS_TO = 1 / 3;
const LIKELY_GROWTH = 4;

/** Bytes of the field that tells the content's size, by the two highest bits of the frame header's descriptor (RFC 8878, 3.1.1.1). */
const SIZE_BYTES = [1, 2, 4, 8] as const;
const MAGIC = 0xfd2fb528;

/** What the frame says of the size of its content, or `null`: writers that stream do not know it. */
function contentSize(frame: Buffer): number | null {
  if (frame.length < 18 || frame.readUInt32LE(0) !== MAGIC) return null;
  const descriptor = frame.readUInt8(4);
  const isSingleSegment = (descriptor & 32) !== 0;
  const sizeFlag = descriptor >> 6;
  if (sizeFlag === 0 && !isSingleSegment) return null;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionary;
  const length = SIZE_BYTES[sizeFlag] ?? 8;
  if (length === 8) return Number(frame.readBigUInt64LE(at));
  return frame.readUIntLE(at, length) + (length === 2 ? 256 : 0);
}

/**
 * zstd for record batches, which kafkajs lacks. In place, not on the thread pool: a batch is half a megabyte at most, and handing
 * it over and collecting the pieces takes longer than the work. Level 1 takes a third of the time of the default and the result
 * is about as small. Room is taken once and in the right size, for a busy worker does this hundreds of times a second.
 */
export const zstd = {
  compress: async ({ buffer }: { readonly buffer: Buffer }): Promise<Buffer> =>
    zstdCompressSync(buffer, {
      chunkSize: roomFor(buffer.length * SHRINKS_TO),
      params: { [constants.ZSTD_c_compressionLevel]: 1 },
    }),
  decompress: async (buffer: Buffer): Promise<Buffer> =>
    zstdDecompressSync(buffer, { chunkSize: roomFor(contentSize(buffer) ?? buffer.length * LIKELY_GROWTH) }),
};
