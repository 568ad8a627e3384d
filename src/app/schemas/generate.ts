import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { subjectOf } from '#adapters/registry/shipped.ts';
import { avroOf } from '#track/avro.ts';
import { TOPIC_VALUES } from '#track/values.ts';

/** Every schema file as it has to be: subject → text. */
export function generatedSchemas(): ReadonlyMap<string, string> {
  const text = (topic: string, shape: (typeof TOPIC_VALUES)[string]) =>
    [subjectOf(topic), `${written(avroOf(shape), '')}\n`] as const;
  return new Map(Object.entries(TOPIC_VALUES).map(([topic, shape]) => text(topic, shape)));
}

const WIDTH = 120;

/** JSON with what fits on one line on one line, so that a schema reads field by field. */
function written(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDTH) return line;
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => inner + written(item, inner)).join(',\n')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{\n${entries.map(([key, part]) => `${inner}${JSON.stringify(key)}: ${written(part, inner)}`).join(',\n')}\n${indent}}`;
}

/** `npm run schemas:generate` */
if (import.meta.main) {
  const folder = new URL('../../../schemas/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [subject, text] of generatedSchemas())
    writeFileSync(fileURLToPath(new URL(`${subject}.avsc`, folder)), text);
}
