import { z } from 'zod';

/** An Avro schema as JSON. Named types after their first appearance, and primitives, are strings. */
export type Avro = string | readonly Avro[] | { readonly [key: string]: unknown };

const NAMESPACE = 'linernotes';

/** What `shapes.ts` writes beside each shape. */
type Notes = {
  readonly avroName?: string;
  readonly avroDoc?: string;
  readonly avroLogicalType?: string;
  readonly avroDefault?: unknown;
  readonly description?: string;
};

const notesOf = (shape: z.core.$ZodType): Notes => (z.globalRegistry.get(shape) ?? {}) as Notes;

/** Named types written so far, each with the thing it was made of, so that two types under one name are noticed. */
type Written = Map<string, unknown>;

/**
 * Turns a shape of `shapes.ts` into the Avro schema that holds the same values.
 * @param shape a `record`: the value of a topic
 * @returns the schema, every field with its sentence; named types stand where they occur first and are referred to after that
 * @throws on a shape that Avro cannot say, on a field without a sentence, on two different types of one name: all are bugs
 */
export function avroOf(shape: z.core.$ZodType): Avro {
  const schema = typeOf(shape, new Map());
  if (typeof schema === 'string' || !('name' in schema)) throw new Error('The value of a topic is a record.');
  const { type, name, ...rest } = schema;
  return { type, name, namespace: NAMESPACE, ...rest };
}

function typeOf(shape: z.core.$ZodType, written: Written): Avro {
  if (shape instanceof z.ZodNullable) return ['null', typeOf(shape.def.innerType, written)];
  if (shape instanceof z.ZodArray) return { type: 'array', items: typeOf(shape.element, written) };
  if (shape instanceof z.ZodRecord) return { type: 'map', values: typeOf(shape.valueType, written) };
  if (shape instanceof z.ZodObject) {
    return named(shape, shape.def.shape, written, () => recordOf(shape, written));
  }
  if (shape instanceof z.ZodEnum) return named(shape, shape.def.entries, written, () => enumOf(shape));
  return primitiveOf(shape);
}

function primitiveOf(shape: z.core.$ZodType): Avro {
  if (shape instanceof z.ZodString) return 'string';
  if (shape instanceof z.ZodBoolean) return 'boolean';
  if (!(shape instanceof z.ZodNumber)) throw new Error(`Avro has no word for a zod ${shape._zod.def.type}.`);
  const { avroLogicalType: logicalType } = notesOf(shape);
  if (logicalType !== undefined) return { type: 'long', logicalType };
  return shape.isInt ? 'long' : 'double';
}

/** The definition at its first appearance, the name alone afterwards. `as` keeps the substance, so it may reappear. */
function named(shape: z.core.$ZodType, substance: unknown, written: Written, define: () => Avro): Avro {
  const name = notesOf(shape).avroName;
  if (name === undefined) throw new Error('A record or enum needs a name: use record() or symbols() of shapes.ts.');
  const known = written.get(name);
  if (known === substance) return name;
  if (known !== undefined) throw new Error(`Two different types are called ${name}.`);
  written.set(name, substance);
  return define();
}

function enumOf(shape: z.ZodEnum): Avro {
  const { avroName: name, avroDoc: doc } = notesOf(shape);
  return { type: 'enum', name, doc, symbols: shape.options, default: 'unknown' };
}

function recordOf(shape: z.ZodObject, written: Written): Avro {
  const { avroName: name, avroDoc: doc } = notesOf(shape);
  const fields = Object.entries(shape.def.shape).map(([field, inner]) => fieldOf(`${name}.${field}`, inner, written));
  return { type: 'record', name, doc, fields };
}

function fieldOf(path: string, shape: z.core.$ZodType, written: Written) {
  const doc = notesOf(shape).description;
  if (!doc) throw new Error(`${path} has no sentence.`);
  const fallback = defaultOf(shape);
  const field = { name: path.slice(path.indexOf('.') + 1), type: typeOf(shape, written), doc };
  return fallback === undefined ? field : { ...field, default: fallback };
}

function defaultOf(shape: z.core.$ZodType): unknown {
  if (shape instanceof z.ZodNullable) return null;
  if (shape instanceof z.ZodArray) return [];
  if (shape instanceof z.ZodRecord) return {};
  return notesOf(shape).avroDefault;
}
