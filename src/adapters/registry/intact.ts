import type avsc from 'avsc';

/**
 * Says whether bytes can be a value of a schema at all: every length within what is left, every index in its range, every number
 * one that our shapes take (`track/shapes.ts`), nothing over. avsc itself looks only at the end, so a garbled array length would
 * keep it (and the whole process) busy for ever. What is intact needs no second look by zod: the schema says the rest.
 */
export type Intact = (body: Buffer) => boolean;

type Cursor = { readonly bytes: Buffer; at: number };
/** Moves past one value; false when it cannot be there. */
type Step = (cursor: Cursor) => boolean;
type Named = Map<string, Step>;
/** What avsc says of a type: names in full, references as strings. Which properties a `type` has, avsc has checked. */
type Complex = {
  readonly type: string;
  readonly name?: string;
  readonly items: Schema;
  readonly values: Schema;
  readonly symbols: readonly string[];
  readonly size: number;
  readonly fields: readonly { readonly type: Schema }[];
};
type Schema = string | readonly Schema[] | Complex;

const left = ({ bytes, at }: Cursor): number => bytes.length - at;

function skip(cursor: Cursor, count: number): boolean {
  if (!(count >= 0 && count <= left(cursor))) return false;
  cursor.at += count;
  return true;
}

/** A zigzag varint of at most ten bytes; NaN when there is none. Precise enough: what matters is far below 2⁵³. */
function long(cursor: Cursor): number {
  let value = 0;
  for (let weight = 1; weight < 2 ** 70; weight *= 128) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) return Number.NaN;
    value += (byte & 127) * weight;
    if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  return Number.NaN;
}

/** Beyond this a double does not hold every whole number that Avro can write. */
const MOST_WHOLE = 2 ** 52;

/** False for what is no number, too. */
const isWhole = (value: number): boolean => Math.abs(value) <= MOST_WHOLE;

const PRIMITIVES: Readonly<Record<string, Step>> = {
  null: () => true,
  boolean: (cursor) => skip(cursor, 1),
  int: (cursor) => isWhole(long(cursor)),
  long: (cursor) => isWhole(long(cursor)),
  float: (cursor) => skip(cursor, 4) && Number.isFinite(cursor.bytes.readFloatLE(cursor.at - 4)),
  double: (cursor) => skip(cursor, 8) && Number.isFinite(cursor.bytes.readDoubleLE(cursor.at - 8)),
  bytes: (cursor) => skip(cursor, long(cursor)),
  string: (cursor) => skip(cursor, long(cursor)),
};

/** Blocks of items until an empty one. An item takes a byte at least, which bounds the count. */
const blocks =
  (item: Step): Step =>
  (cursor) => {
    for (let count = long(cursor); count !== 0; count = long(cursor)) {
      if (count < 0) long(cursor);
      if (!(Math.abs(count) <= left(cursor)) || !times(Math.abs(count), item, cursor)) return false;
    }
    return true;
  };

function times(count: number, step: Step, cursor: Cursor): boolean {
  for (let index = 0; index < count; index += 1) if (!step(cursor)) return false;
  return true;
}

const oneOf =
  (branches: readonly Step[]): Step =>
  (cursor) =>
    branches[long(cursor)]?.(cursor) ?? false;

const COMPLEX: Readonly<Record<string, (schema: Complex, named: Named) => Step>> = {
  array: (schema, named) => blocks(stepOf(schema.items, named)),
  map: (schema, named) => blocks(inTurn([PRIMITIVES['string'] as Step, stepOf(schema.values, named)])),
  enum: (schema) => (cursor) => schema.symbols[long(cursor)] !== undefined,
  fixed: (schema) => (cursor) => skip(cursor, schema.size),
  record: (schema, named) => inTurn(schema.fields.map((field) => stepOf(field.type, named))),
};

const inTurn =
  (steps: readonly Step[]): Step =>
  (cursor) => {
    for (const step of steps) if (!step(cursor)) return false;
    return true;
  };

function stepOf(schema: Schema, named: Named): Step {
  // A string is a primitive or names a type, perhaps one that is still being built around it.
  if (typeof schema === 'string') return PRIMITIVES[schema] ?? ((cursor) => named.get(schema)?.(cursor) ?? false);
  if (!('type' in schema)) return oneOf(schema.map((branch) => stepOf(branch, named)));
  const step = COMPLEX[schema.type]?.(schema, named) ?? stepOf(schema.type, named);
  if (schema.name !== undefined) named.set(schema.name, step);
  return step;
}

/** Prepares the check for a writer's schema. */
export function intactFor(writer: avsc.Type): Intact {
  const step = stepOf(writer.schema() as Schema, new Map());
  return (bytes) => {
    const cursor = { bytes, at: 0 };
    return step(cursor) && cursor.at === bytes.length;
  };
}
