import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import kafkajs from 'kafkajs';
import { sendSamples } from '#test/bench/support/samples.ts';
import { eventOf } from '#track/event.ts';
import { PHASES } from '#track/phase.ts';
import type { RawTrack } from '#track/raw.ts';

/**
 * What the chain is compared with: five hops of plain kafkajs in one process, with its defaults. Each takes a record, decodes it,
 * writes a report into it, encodes it and sends it on. No transaction, no validation, no queue, nothing that survives a crash.
 */

const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', NAIVE_TOPICS = '', NAIVE_SENDS = 'message' } = process.env;
const topics = NAIVE_TOPICS.split(',');
const client = new kafkajs.Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: kafkajs.logLevel.ERROR });
const registry = new SchemaRegistry({ host: SCHEMA_REGISTRY_URL });
const eventSchema = await registry.getLatestSchemaId('tracks.complete-value');
const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
await producer.connect();

type Message = { readonly key: Buffer | null; readonly value: Buffer | null };

async function enriched(message: Message, hop: number): Promise<Message> {
  if (message.value === null) throw new Error('The naive loop knows no tombstones.');
  const decoded = await registry.decode(message.value);
  const event = hop === 0 ? eventOf(String(message.key), decoded as RawTrack) : decoded;
  const report = { status: 'known', code: null, attempts: 0, at: Date.now(), confirmedAt: Date.now() };
  const reports = { ...event.reports, [PHASES[hop] ?? '']: report };
  return { key: message.key, value: await registry.encode(eventSchema, { ...event, reports }) };
}

const done: Record<string, number> = {};
const consumers = await Promise.all(
  topics.slice(0, -1).map(async (from, hop) => {
    const to = topics[hop + 1] ?? '';
    const consumer = client.consumer({ groupId: `${from}.naive` });
    await consumer.connect();
    await consumer.subscribe({ topic: from, fromBeginning: true });
    const send = async (messages: readonly Message[]): Promise<void> => {
      const outgoing = await Promise.all(messages.map((message) => enriched(message, hop)));
      if (outgoing.length > 0) await producer.send({ topic: to, messages: outgoing });
      done[hop] = (done[hop] ?? 0) + outgoing.length;
    };
    await consumer.run(
      NAIVE_SENDS === 'message'
        ? { eachMessage: ({ message }) => send([message]) }
        : { eachBatch: ({ batch }) => send(batch.messages) },
    );
    return consumer;
  }),
);

sendSamples(done, async () => {
  await Promise.all(consumers.map((consumer) => consumer.disconnect()));
  await producer.disconnect();
});
