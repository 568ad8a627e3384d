import type avsc from 'avsc';
import { failure } from '#stream/failure.ts';
import type { Decode, Encode } from '#stream/ports.ts';
import { failed, ok, type Result } from '#stream/result.ts';
import { intactFor } from './intact.ts';
import { quickenStrings } from './quick-strings.ts';
import { framer, unframe } from './wire.ts';

/** What bytes become in the terms of this release. */
export type Codec = { readonly encode: Encode; readonly decode: Decode };

/** Where a codec learns what ids stand for. Each rejects when that cannot be known now. */
export type SchemaSource = {
  /** The type of this release for the topic's values. Throws for a topic without a schema: that is a bug. */
  reader(topic: string): avsc.Type;
  /** The id under which that very schema is registered. */
  idOf(topic: string): Promise<number>;
  /** The type that was registered under the id; `null` when the registry knows none. */
  writer(id: number): Promise<avsc.Type | null>;
};

/** Body to value, prepared once for each pair of writer and reader. */
type Reading = (body: Buffer) => Result<unknown>;

const undecodable = (why: string) => failed(failure('UNDECODABLE', why));
const because = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A codec over a source of schemas. Values are always read with this release's schema, so that its defaults apply. */
export function codecOver(source: SchemaSource): Codec {
  quickenStrings();
  const frame = framer();
  const readings = new Map<avsc.Type, Map<number, Reading>>();

  async function readingOf(reader: avsc.Type, id: number): Promise<Reading | null> {
    const known = readings.get(reader)?.get(id);
    if (known !== undefined) return known;
    const writer = await source.writer(id);
    if (writer === null) return null;
    const prepared = prepare(reader, writer, id);
    readings.set(reader, (readings.get(reader) ?? new Map()).set(id, prepared));
    return prepared;
  }

  return {
    async decode(topic, value) {
      if (value === null) return undecodable('The record has no value.');
      const framed = unframe(value);
      if (framed === null) {
        return undecodable(`The ${value.length} bytes do not begin with a zero byte and a schema id of four bytes.`);
      }
      const read = await readingOf(source.reader(topic), framed.id);
      if (read === null) return failed(failure('UNKNOWN_SCHEMA', `The registry knows no schema ${framed.id}.`));
      return read(framed.body);
    },

    async encode(topic, value) {
      const type = source.reader(topic);
      const id = await source.idOf(topic);
      try {
        return ok(frame(type, id, value));
      } catch (error) {
        return failed(failure('BUG', `The value does not fit the schema of ${topic}: ${misfits(type, value, error)}`));
      }
    },
  };
}

function prepare(reader: avsc.Type, writer: avsc.Type, id: number): Reading {
  let resolver: ReturnType<avsc.Type['createResolver']>;
  try {
    resolver = reader.createResolver(writer);
  } catch (error) {
    return () => undecodable(`Schema ${id} cannot be read as ${reader.name}: ${because(error)}`);
  }
  const intact = intactFor(writer);
  return (body) => {
    if (!intact(body)) return undecodable(`The bytes are no whole value of schema ${id}.`);
    try {
      return ok(reader.fromBuffer(body, resolver));
    } catch (error) {
      return undecodable(`The bytes are no value of schema ${id}: ${because(error)}`);
    }
  };
}

/** The paths that do not fit, at most three: they name the bug, the values may be anybody's. */
function misfits(type: avsc.Type, value: unknown, error: unknown): string {
  const paths: string[] = [];
  const errorHook = (path: string[], _: unknown, expected: avsc.Type) => {
    paths.push(`${path.join('.')} is no ${expected.name ?? expected.typeName}`);
  };
  type.isValid(value, { errorHook });
  return paths.slice(0, 3).join(', ') || because(error);
}
