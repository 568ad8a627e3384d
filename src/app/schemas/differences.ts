import type { Avro } from '#track/avro.ts';

/** A change that events of the past, or readers of yesterday, do not survive; and what to do instead. */
export type Breach = { readonly field: string; readonly problem: string; readonly mend: string };

type Field = { readonly name: string; readonly type: Avro; readonly default?: unknown };
type Complex = {
  readonly type: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly fields?: readonly Field[];
  readonly symbols?: readonly string[];
  readonly default?: string;
  readonly items?: Avro;
  readonly values?: Avro;
};
/** Named types of the earlier and the later schema, and the pairs of them compared already. */
type Names = {
  readonly before: Map<string, Complex>;
  readonly after: Map<string, Complex>;
  readonly seen: Set<string>;
};

/**
 * Compares an earlier version of a schema with a later one. Stricter than FULL_TRANSITIVE in one thing: a field or a symbol with a
 * default may not be removed either, because the facts in the log would no longer be seen.
 * @returns nothing when every event of either version is read whole by the other
 */
export function breachesBetween(before: Avro, after: Avro): readonly Breach[] {
  const names = { before: namedIn(before), after: namedIn(after), seen: new Set<string>() };
  return ofType('', before, after, names);
}

function ofType(path: string, before: Avro, after: Avro, names: Names): readonly Breach[] {
  const [old, young] = [resolved(before, names.before), resolved(after, names.after)];
  if (kindOf(old) !== kindOf(young)) return [retyped(path, kindOf(old), kindOf(young))];
  if (isUnion(old) && isUnion(young)) {
    return old.flatMap((branch, index) => ofType(path, branch, young[index] ?? 'null', names));
  }
  return isComplex(old) && isComplex(young) ? ofComplex(path, old, young, names) : [];
}

function ofComplex(path: string, old: Complex, young: Complex, names: Names): readonly Breach[] {
  const pair = `${old.name}:${young.name}`;
  if (old.name !== undefined && names.seen.has(pair)) return [];
  names.seen.add(pair);
  if (old.symbols !== undefined) return ofSymbols(path, old, young);
  if (old.fields !== undefined) return ofFields(path, old.fields, young.fields ?? [], names);
  return ofType(path, old.items ?? old.values ?? 'null', young.items ?? young.values ?? 'null', names);
}

function ofFields(path: string, old: readonly Field[], young: readonly Field[], names: Names): readonly Breach[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const kept = old.flatMap((field) => {
    const now = young.find(({ name }) => name === field.name);
    return now === undefined ? [removed(at(field.name))] : ofType(at(field.name), field.type, now.type, names);
  });
  const known = new Set(old.map(({ name }) => name));
  const added = young.filter((field) => !known.has(field.name) && field.default === undefined);
  return [...kept, ...added.map((field) => undefaulted(at(field.name)))];
}

function ofSymbols(path: string, old: Complex, young: Complex): readonly Breach[] {
  const gone = (old.symbols ?? []).filter((symbol) => !young.symbols?.includes(symbol));
  return gone.map((symbol) => ({
    field: path,
    problem: `the symbol ${symbol} is gone: events of the past that say ${symbol} would be read as ${young.default}`,
    mend: `keep ${symbol} in the list of symbols`,
  }));
}

const removed = (field: string): Breach => ({
  field,
  problem: 'the field is gone: what events of the past say in it would no longer be seen',
  mend: 'keep the field; say in its sentence that nothing writes it any more',
});

const undefaulted = (field: string): Breach => ({
  field,
  problem: 'the field is new and has no default: events of the past lack it and could not be read',
  mend: 'make it maybe(…) or list(…), or give it a default with since(…)',
});

const retyped = (field: string, before: string, after: string): Breach => ({
  field: field === '' ? '(the record itself)' : field,
  problem: `was ${before} and is now ${after}: neither side could read the other`,
  mend: 'keep the field as it was and add another one with a default beside it',
});

const isUnion = (type: Avro): type is readonly Avro[] => Array.isArray(type);
const isComplex = (type: Avro): type is Complex & Avro => typeof type === 'object' && !isUnion(type);

/** What must not change: primitive and logical type, name, branches of a union. */
function kindOf(type: Avro): string {
  if (isUnion(type)) return `[${type.map(branchOf).join(', ')}]`;
  return branchOf(type);
}

function branchOf(type: Avro): string {
  if (!isComplex(type)) return String(type);
  const { name, type: kind } = type;
  return name === undefined ? kind : String(name);
}

/** A reference stands for the definition of that name. */
const resolved = (type: Avro, names: ReadonlyMap<string, Complex>): Avro =>
  typeof type === 'string' ? ((names.get(type) as Avro | undefined) ?? type) : type;

function namedIn(schema: Avro, names = new Map<string, Complex>()): Map<string, Complex> {
  if (isUnion(schema)) for (const branch of schema) namedIn(branch, names);
  if (!isComplex(schema)) return names;
  if (schema.name !== undefined) names.set(schema.name, schema);
  const inner = [...(schema.fields ?? []).map(({ type }) => type), schema.items, schema.values];
  for (const type of inner) if (type !== undefined) namedIn(type, names);
  return names;
}
