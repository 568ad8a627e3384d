import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { valuesOf } from '#test/support/arbitrary.ts';
import { trackEvent } from '#track/event.ts';

const TOPIC = 'tracks.credited';
const codec = memoryCodec();

async function bytesOf(value: unknown): Promise<Buffer> {
  const written = await codec.encode(TOPIC, value);
  if (!written.ok) throw new Error(written.failure.message);
  return written.value;
}

const garbled = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
/** Events take longest to make, so each is spoilt in several ways. */
const severally = fc.array(garbled, { minLength: 12, maxLength: 12 });

it('whatever bytes the codec reads as an event, zod takes as one', async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(valuesOf(trackEvent), severally, async (event, all) => {
      const intact = await bytesOf(event);
      for (const changes of all) {
        const bytes = Buffer.from(intact);
        for (const [at, byte] of changes) bytes[5 + (at % (bytes.length - 5))] = byte;
        const decoded = await codec.decode(TOPIC, bytes);
        if (!decoded.ok) continue;
        read += 1;
        expect(trackEvent.safeParse(decoded.value).error).toBeUndefined();
      }
    }),
    { numRuns: 34, seed: 11 },
  );
  expect(read).toBeGreaterThan(150);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('a measure of %d is no value', async (energy) => {
  const [event] = fc.sample(valuesOf(trackEvent), { seed: 3, numRuns: 1 });
  if (event === undefined) throw new Error('There is no event.');
  const features = { ...noFeatures, energy };
  const bytes = await bytesOf({ ...event, raw: { ...event.raw, audioFeatures: features } });
  expect(await codec.decode(TOPIC, bytes)).toMatchObject({ ok: false, failure: { code: 'UNDECODABLE' } });
});

const noFeatures = {
  acousticness: 0,
  danceability: 0,
  energy: 0,
  instrumentalness: 0,
  liveness: 0,
  speechiness: 0,
  valence: 0,
  loudness: 0,
  tempo: 0,
  key: 0,
  mode: 0,
  timeSignature: 4,
};
