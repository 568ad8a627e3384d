import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainType } from '#adapters/registry/plain.ts';
import { shippedSchemas, subjectOf } from '#adapters/registry/shipped.ts';
import { breachesBetween } from '#app/schemas/differences.ts';
import { undocumented } from '#app/schemas/documented.ts';
import { generatedSchemas } from '#app/schemas/generate.ts';
import { goldenVersions } from '#test/support/freeze.ts';
import { LATEST_TOPIC, OPERATIONS_TOPIC, PIPELINE_TOPICS, TOPOLOGY } from '#track/topology.ts';
import { TOPIC_VALUES } from '#track/values.ts';

const SCHEMAS = new URL('../../schemas/', import.meta.url);
const files = readdirSync(SCHEMAS).filter((name) => name.endsWith('.avsc'));

describe('the schema files', () => {
  it('are what the shapes of src/track generate (mend: npm run schemas:generate)', () => {
    const onDisk = Object.fromEntries(
      files.map((name) => [name.replace(/\.avsc$/, ''), readFileSync(new URL(name, SCHEMAS), 'utf8')]),
    );
    expect(onDisk).toEqual(Object.fromEntries(generatedSchemas()));
  });

  it('are one for each pipeline topic, each replay lane, the newest states and the operations', () => {
    const lanes = Object.values(TOPOLOGY).map(({ replay }) => replay);
    const topics = [...PIPELINE_TOPICS, ...lanes, LATEST_TOPIC, OPERATIONS_TOPIC];
    expect(files.sort()).toEqual(topics.map((topic) => `${subjectOf(topic)}.avsc`).sort());
  });

  it.each(shippedSchemas())('explain every record, enum and field: $subject', ({ text }) => {
    expect(undocumented(JSON.parse(text))).toEqual([]);
  });
});

describe('golden bytes', () => {
  const golden = goldenVersions();
  const shipped = new Map(shippedSchemas().map((schema) => [schema.subject, schema]));

  it('end with the shipped schema of every subject (mend: node test/support/freeze.ts, once the change is meant)', () => {
    const newest = new Map(golden.map(({ subject, schema }) => [subject, schema]));
    expect(newest).toEqual(new Map(shippedSchemas().map(({ subject, text }) => [subject, text])));
  });

  it.each(golden)('of $subject version $version are read by this release with every fact in place', (version) => {
    const { topic = '', text = '' } = shipped.get(version.subject) ?? {};
    const reader = plainType(text);
    const resolver = reader.createResolver(plainType(version.schema));
    expect(version.values).not.toEqual([]);
    for (const { bytes, value } of version.values) {
      const read = reader.fromBuffer(Buffer.from(bytes, 'base64'), resolver);
      expect(read).toMatchObject(value as object);
      expect(TOPIC_VALUES[topic]?.parse(read)).toEqual(read);
    }
  });

  it.each(golden)('of $subject version $version stay readable by those who still have its schema', (version) => {
    const text = shipped.get(version.subject)?.text ?? '';
    expect(breachesBetween(JSON.parse(version.schema), JSON.parse(text))).toEqual([]);
    expect(() => plainType(version.schema).createResolver(plainType(text))).not.toThrow();
  });
});
