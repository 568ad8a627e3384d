import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const SMALLEST_ROOM = 16 * 1024;
const LARGEST_ROOM = 256 * 1024;

/** Text shrinks to a quarter or so; a guess that is too small costs another piece of room, one too large is held in vain. */
const LIKELY_GROWTH = 4;

const roomFor = (bytes: number): number => Math.min(Math.max(bytes, SMALLEST_ROOM), LARGEST_ROOM);

/**
 * zstd for record batches, which kafkajs lacks. In place, not on the thread pool: a batch is half a megabyte at most, and handing
 * it over and collecting the pieces takes longer than the work. Level 1 takes a third of the time of the default and the result
 * is about as small.
 */
export const zstd = {
  compress: async ({ buffer }: { readonly buffer: Buffer }): Promise<Buffer> =>
    zstdCompressSync(buffer, {
      chunkSize: roomFor(buffer.length),
      params: { [constants.ZSTD_c_compressionLevel]: 1 },
    }),
  decompress: async (buffer: Buffer): Promise<Buffer> =>
    zstdDecompressSync(buffer, { chunkSize: roomFor(buffer.length * LIKELY_GROWTH) }),
};
