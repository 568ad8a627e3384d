import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryCodec } from '#adapters/registry/memory-codec.ts';
import { valuesOf } from '#test/support/arbitrary.ts';
import { expectSame } from '#test/support/same.ts';
import { TOPIC_VALUES } from '#track/values.ts';

const codec = memoryCodec();
const TOPICS = ['tracks.raw', 'tracks.complete', 'linernotes.operations'].map((topic) => ({
  topic,
  shape: TOPIC_VALUES[topic] ?? raise(topic),
}));

function raise(topic: string): never {
  throw new Error(`${topic} has no shape.`);
}

/** Every place in a value, as the way to it. */
function placesIn(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...way, key]))];
}

function replaced(value: unknown, [key, ...way]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const inner = replaced((value as Record<string, unknown>)[key], way, by);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...(value as object), [key]: inner };
}

const STRANGE = [null, true, 0.5, 7, -1, 2 ** 53, 1e300, '', 'x', 'unknown', [], [1], {}, { a: 1 }];

describe.each(TOPICS)('zod and Avro on $topic', ({ topic, shape }) => {
  it('agree: what zod takes, Avro writes, and what Avro reads is the same value in plain objects', async () => {
    await fc.assert(
      fc.asyncProperty(valuesOf(shape), async (value) => {
        const written = await codec.encode(topic, value);
        if (!written.ok) throw new Error(written.failure.message);
        const read = await codec.decode(topic, written.value);
        expectSame(read, { ok: true, value });
        if (!read.ok) return;
        expect(Object.getPrototypeOf(read.value)).toBe(Object.prototype);
        expectSame(shape.parse(read.value), value);
      }),
      { numRuns: 30 },
    );
  });

  it('agree: what Avro cannot write, zod refuses', async () => {
    let refusals = 0;
    // Values take longest to make, so each is bent in several places.
    const bends = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...STRANGE)), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(valuesOf(shape), bends, async (value, all) => {
        const places = placesIn(value);
        for (const [at, strange] of all) {
          const bent = replaced(value, places[at % places.length] ?? [], strange);
          const written = await codec.encode(topic, bent);
          if (written.ok) continue;
          refusals += 1;
          expect(written.failure.code).toBe('BUG');
          expect(shape.safeParse(bent).success).toBe(false);
        }
      }),
      { numRuns: 8 },
    );
    expect(refusals).toBeGreaterThan(10);
  });
});
