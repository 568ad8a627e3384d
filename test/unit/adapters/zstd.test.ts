import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createZstdCompress } from 'node:zlib';
import { expect, test } from 'vitest';
import { zstd } from '#adapters/kafka/zstd.ts';

const text = (length: number): Buffer => Buffer.alloc(length, 'all of it, again and again. ');

test.each([1, 100, 255, 256, 300, 65_791, 65_792, 400_000, 3_000_000])(
  'a batch of %i bytes comes out as it went in',
  async (length) => {
    const given = text(length);
    expect((await zstd.decompress(await zstd.compress({ buffer: given }))).equals(given)).toBe(true);
  },
);

test('bytes that do not shrink come out as they went in', async () => {
  const given = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * index * 2_654_435_761) >>> 13));
  expect((await zstd.decompress(await zstd.compress({ buffer: given }))).equals(given)).toBe(true);
});

test('a frame whose writer did not know its size in advance is read too', async () => {
  const given = text(500_000);
  const streamed = await buffer(
    Readable.from([given.subarray(0, 9_000), given.subarray(9_000)]).pipe(createZstdCompress()),
  );
  expect((await zstd.decompress(streamed)).equals(given)).toBe(true);
});
