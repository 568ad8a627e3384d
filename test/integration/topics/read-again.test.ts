import { readFileSync } from 'node:fs';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kafkaAdmin } from '#adapters/kafka/admin.ts';
import { kafkaClient, PATIENT } from '#adapters/kafka/client.ts';
import { registryCodec } from '#adapters/registry/source.ts';
import { registerSchemas } from '#app/schemas/register.ts';
import { applyTopics } from '#app/topics/apply.ts';
import { kafkaBrokers, schemaRegistryUrl } from '#test/support/addresses.ts';
import { uniqueName } from '#test/support/names.ts';
import { type Child, startChild } from '#test/support/processes.ts';
import { wantedTopic } from '#test/support/topics.ts';
import { AT, aTrackEvent, trackId } from '#test/support/tracks.ts';
import { within } from '#test/support/within.ts';
import { summaryOf } from '#track/resolve.ts';

// The program of docs/replays.md by which a consumer reads `tracks.complete` again.

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const prefix = `${uniqueName('again')}.`;
const topic = `${prefix}tracks.complete`;
const group = uniqueName('analytics');
const admin = kafkaAdmin({ brokers: kafkaBrokers(), clientId: 'again', log });
const producer = kafkaClient({ brokers: kafkaBrokers(), clientId: 'again', log }, PATIENT).producer();

function program(): string {
  const page = readFileSync(new URL('../../../docs/replays.md', import.meta.url), 'utf8');
  const [, found] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  if (found === undefined) throw new Error('docs/replays.md has no program.');
  return found;
}

/** Compressed as the last phase does it. */
async function finished(n: number): Promise<void> {
  const event = aTrackEvent({ trackId: trackId(n) });
  const codec = registryCodec({ url: schemaRegistryUrl(), log, prefix });
  const value = await codec.encode(topic, { ...event, summary: summaryOf(event) });
  if (!value.ok) throw new Error(value.failure.message);
  const messages = [{ key: trackId(n), value: value.value, timestamp: String(AT + n) }];
  await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.ZSTD });
}

/** The tracks that it tells, once it has told of the last one. */
async function toldOf(reader: Child): Promise<readonly string[]> {
  await within(
    () => reader.out().includes(trackId(3)),
    30_000,
    () => `the third track; it told:\n${reader.out()}\n${reader.err()}`,
  );
  const lines = reader.out().trim().split('\n');
  return lines.filter((line) => line.includes('trackId')).map((line) => JSON.parse(line).trackId);
}

async function read(since: string | null): Promise<readonly string[]> {
  const reader = startChild(['--input-type=module', '-e', program()], {
    KAFKA_BROKERS: kafkaBrokers().join(','),
    SCHEMA_REGISTRY_URL: schemaRegistryUrl(),
    GROUP: group,
    TOPIC: topic,
    ...(since === null ? {} : { SINCE: since }),
  });
  try {
    return await toldOf(reader);
  } finally {
    await reader.stop();
  }
}

beforeAll(async () => {
  await registerSchemas({ url: schemaRegistryUrl(), log, prefix });
  await applyTopics(admin, [wantedTopic(topic, { partitions: 1 })], { prefix });
  await producer.connect();
  for (const n of [1, 2, 3]) await finished(n);
});
afterAll(async () => {
  await admin.deleteTopics([topic]);
  await admin.close();
  await producer.disconnect();
});

it('reads finished tracks again, from the start and from a time on, by one group', async () => {
  expect(await read(null)).toEqual([1, 2, 3].map(trackId));
  expect(await read(new Date(AT + 2).toISOString())).toEqual([2, 3].map(trackId));
});
