import type avsc from 'avsc';
import { type Codec, codecOver } from './codec.ts';
import { plainType } from './plain.ts';
import { shippedSchemas } from './shipped.ts';

/** A codec on the shipped schemas without a registry, for tests: the same bytes as the real one but for the ids. */
export function memoryCodec(prefix = ''): Codec {
  const shipped = shippedSchemas();
  const types = shipped.map(({ text }) => plainType(text));
  const index = (topic: string): number => {
    const found = shipped.findIndex((schema) => prefix + schema.topic === topic);
    if (found < 0) throw new Error(`No schema is shipped for ${topic}.`);
    return found;
  };
  return codecOver({
    reader: (topic) => types[index(topic)] as avsc.Type,
    idOf: async (topic) => index(topic) + 1,
    writer: async (id) => types[id - 1] ?? null,
  });
}
