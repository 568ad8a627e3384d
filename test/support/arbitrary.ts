import fc from 'fast-check';
import type { z } from 'zod';

/** How leaves are drawn; the default is wide, a narrow one provokes ties and collisions. */
export type Leaves = {
  readonly text: fc.Arbitrary<string>;
  readonly whole: fc.Arbitrary<number>;
  readonly fraction: fc.Arbitrary<number>;
};

/** Every code point but halves of surrogate pairs. `unit: 'binary'` of fast-check is the same, after a second of building a table. */
const codePoint = fc.integer({ min: 0, max: 0x10_ffff - 0x800 }).map((n) => (n < 0xd800 ? n : n + 0x800));

/** Names that objects have by themselves; the rest that fast-check would try. */
const INHERITED = ['__proto__', 'constructor', 'hasOwnProperty', 'isPrototypeOf', 'toString', 'valueOf', 'key', 'ref'];

export const WIDE: Leaves = {
  text: fc.oneof(
    { weight: 9, arbitrary: fc.array(codePoint, { maxLength: 12 }).map((points) => String.fromCodePoint(...points)) },
    { weight: 1, arbitrary: fc.constantFrom(...INHERITED) },
  ),
  whole: fc.oneof(fc.integer(), fc.bigInt(-(2n ** 52n), 2n ** 52n).map(Number)),
  fraction: fc.double({ noNaN: true, noDefaultInfinity: true }),
};

/** Few values, so that equal moments with different facts come up all the time. */
export const NARROW: Leaves = {
  text: fc.constantFrom('', 'a', 'B', 'é', '花'),
  whole: fc.integer({ min: 0, max: 3 }),
  fraction: fc.constantFrom(0, 0.5, -1),
};

// biome-ignore lint/suspicious/noExplicitAny: zod's own definitions are read here, which have no narrower type.
type Definition = any;

const builders: Record<string, (definition: Definition, leaves: Leaves) => fc.Arbitrary<unknown>> = {
  string: (_, leaves) => leaves.text,
  number: (definition, leaves) => (isWhole(definition) ? leaves.whole : leaves.fraction),
  boolean: () => fc.boolean(),
  enum: (definition) => fc.constantFrom(...Object.values(definition.entries)),
  nullable: (definition, leaves) => fc.option(valuesOf(definition.innerType, leaves), { nil: null }),
  array: (definition, leaves) => fc.array(valuesOf(definition.element, leaves), { maxLength: 3 }),
  record: (_, leaves) =>
    fc.dictionary(
      leaves.text.filter((key) => key !== '__proto__'),
      leaves.text,
      { maxKeys: 3, noNullPrototype: true },
    ),
  object: (definition, leaves) =>
    fc.record(
      Object.fromEntries(
        Object.entries<z.ZodType>(definition.shape).map(([name, inner]) => [name, valuesOf(inner, leaves)]),
      ),
      // Plain objects, as all that is read has.
      { noNullPrototype: true },
    ),
};

const isWhole = (definition: Definition): boolean =>
  definition.format === 'safeint' ||
  (definition.checks ?? []).some((check: Definition) => check._zod?.def?.format === 'safeint');

/** Values that fit a zod shape of `src/track`. */
export function valuesOf<Value>(shape: z.ZodType<Value>, leaves: Leaves = WIDE): fc.Arbitrary<Value> {
  const definition: Definition = shape.def;
  const build = builders[definition.type];
  if (build === undefined) throw new Error(`No arbitrary for the zod type "${definition.type}".`);
  return build(definition, leaves) as fc.Arbitrary<Value>;
}
