import type avsc from 'avsc';
import { type Codec, codecOver } from './codec.ts';
import { plainType } from './plain.ts';
import { shippedSchemas } from './shipped.ts';

/** A codec on the shipped schemas without a registry, for tests: the same bytes as the real one but for the ids. */
export function memoryCodec(prefix = ''): Codec {
  const shipped = shippedSchemas();
  const types = new Map<number, avsc.Type>();
  // Made when it is first wanted: avsc compiles code for every record of a schema.
  const typeAt = (place: number): avsc.Type | null => {
    const text = shipped[place]?.text;
    if (text === undefined) return null;
    const type = types.get(place) ?? plainType(text);
    types.set(place, type);
    return type;
  };
  const index = (topic: string): number => {
    const found = shipped.findIndex((schema) => prefix + schema.topic === topic);
    if (found < 0) throw new Error(`No schema is shipped for ${topic}.`);
    return found;
  };
  return codecOver({
    reader: (topic) => typeAt(index(topic)) as avsc.Type,
    idOf: async (topic) => index(topic) + 1,
    writer: async (id) => typeAt(id - 1),
  });
}
