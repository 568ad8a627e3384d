import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { plainType } from '#adapters/registry/plain.ts';
import { type ShippedSchema, shippedSchemas } from '#adapters/registry/shipped.ts';
import { TOPIC_VALUES } from '#track/values.ts';
import { valuesOf } from './arbitrary.ts';

/**
 * Golden bytes: every published version of every schema, with values and the bytes that a process of that version wrote. They are
 * never changed. `node test/support/freeze.ts` adds the shipped schemas as a new version wherever they differ from the last one.
 */
export type Golden = {
  readonly subject: string;
  readonly version: number;
  readonly schema: string;
  /** Avro bodies in base64 with the value each holds. */
  readonly values: readonly { readonly bytes: string; readonly value: unknown }[];
};

const FOLDER = new URL('../fixtures/golden/', import.meta.url);
const file = (subject: string, name: string): URL => new URL(`${subject}/${name}`, FOLDER);

export function goldenVersions(): readonly Golden[] {
  return shippedSchemas().flatMap(({ subject }) => versionsOf(subject).map((version) => read(subject, version)));
}

/** Oldest first. */
function versionsOf(subject: string): readonly number[] {
  if (!existsSync(file(subject, ''))) return [];
  const schemas = readdirSync(file(subject, '')).filter((name) => name.endsWith('.avsc'));
  return schemas.map((name) => Number(name.slice(1, -'.avsc'.length))).sort((a, b) => a - b);
}

const read = (subject: string, version: number): Golden => ({
  subject,
  version,
  schema: readFileSync(file(subject, `v${version}.avsc`), 'utf8').trim(),
  values: JSON.parse(readFileSync(file(subject, `v${version}.json`), 'utf8')),
});

function freeze({ topic, subject, text }: ShippedSchema): void {
  const last = versionsOf(subject).at(-1) ?? 0;
  if (last > 0 && read(subject, last).schema === text) return;
  const values = examples(topic, text);
  mkdirSync(file(subject, ''), { recursive: true });
  writeFileSync(file(subject, `v${last + 1}.avsc`), `${text}\n`);
  writeFileSync(file(subject, `v${last + 1}.json`), `${JSON.stringify(values, null, 1)}\n`);
}

const LEAVES = {
  text: fc.constantFrom('', 'a', 'naïve', 'Σίσυφος', '花', '🎷', 'USRC17607839'),
  whole: fc.constantFrom(0, 1, -1, 2 ** 31, 1_700_000_000_000, 2 ** 52, -(2 ** 52)),
  fraction: fc.constantFrom(0, 0.1, -59.5, 100, 1e300),
};

/** Of many values the smallest, a middling one and the largest, so that absent and present facts both occur. */
function examples(topic: string, text: string): Golden['values'] {
  const shape = TOPIC_VALUES[topic];
  if (shape === undefined) throw new Error(`${topic} has no shape.`);
  const type = plainType(text);
  const values = fc.sample(valuesOf(shape, LEAVES), { seed: 1, numRuns: 200 });
  const encoded = values.map((value) => ({ bytes: type.toBuffer(value).toString('base64'), value }));
  encoded.sort((a, b) => a.bytes.length - b.bytes.length);
  return [0, 100, 199].flatMap((index) => encoded[index] ?? []);
}

if (import.meta.main) for (const schema of shippedSchemas()) freeze(schema);
