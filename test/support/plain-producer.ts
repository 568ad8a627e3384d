import { parse, type Type } from 'avro-js';
import kafkajs from 'kafkajs';
import type { Services } from '#local/services.ts';

// What a scraper in any language does: an ordinary Kafka client, an Avro library that the project does not use, and the
// registry's REST API. Nothing of ours but the names of topics.

/** A value as avro-js writes and reads it: what is not null in a union stands under its type's name. */
export type PlainValue = Readonly<Record<string, unknown>>;

export type PlainMessage = {
  readonly key: string | null;
  readonly value: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
};

const HEADER_BYTES = 5;

/** Avro in the Confluent wire format, by Apache's own JavaScript library. */
export function plainCodec(registryUrl: string) {
  const types = new Map<number, Type>();
  const get = async (path: string): Promise<{ id: number; schema: string }> => {
    const answer = await fetch(`${registryUrl}${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return (await answer.json()) as { id: number; schema: string };
  };
  const typeOf = async (id: number): Promise<Type> => {
    const type = types.get(id) ?? parse(JSON.parse((await get(`/schemas/ids/${id}`)).schema));
    types.set(id, type);
    return type;
  };
  return {
    async encode(topic: string, value: PlainValue): Promise<Buffer> {
      const { id } = await get(`/subjects/${topic}-value/versions/latest`);
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeInt32BE(id, 1);
      return Buffer.concat([header, (await typeOf(id)).toBuffer(value)]);
    },
    async decode(bytes: Buffer | null): Promise<PlainValue> {
      if (bytes === null || bytes[0] !== 0) throw new Error('This is not in the Confluent wire format.');
      return (await typeOf(bytes.readInt32BE(1))).fromBuffer(bytes.subarray(HEADER_BYTES)) as PlainValue;
    },
  };
}

/** Sends messages in order, outside any transaction, with the client's own partitioner. */
export async function producePlainly(
  { kafkaBrokers }: Pick<Services, 'kafkaBrokers'>,
  topic: string,
  messages: readonly PlainMessage[],
): Promise<void> {
  const producer = new kafkajs.Kafka({
    brokers: [...kafkaBrokers],
    logLevel: kafkajs.logLevel.NOTHING,
  }).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: messages.map(({ headers = {}, ...message }) => ({ ...message, headers })) });
  await producer.disconnect();
}

/** The least that a scraper has to say of a track; the schema's defaults say the rest. */
export const plainTrack = (
  { track, isrc }: { readonly track: string; readonly isrc?: string },
  runId: string,
  runTotal: number,
): PlainValue => ({
  track,
  ...(isrc === undefined ? {} : { isrc: { string: isrc } }),
  fetchMethod: 'network_capture',
  observedAt: Date.UTC(2026, 0, 2),
  runId,
  runTotal: { long: runTotal },
});

/** Publishes a run of tracks as a scraper would that has never heard of `ingest`. */
export async function publishPlainly(
  services: Pick<Services, 'kafkaBrokers' | 'schemaRegistryUrl'>,
  runId: string,
  tracks: readonly { readonly track: string; readonly isrc?: string }[],
): Promise<void> {
  const codec = plainCodec(services.schemaRegistryUrl);
  const values = tracks.map((track) => codec.encode('tracks.raw', plainTrack(track, runId, tracks.length)));
  const messages = (await Promise.all(values)).map((value, index) => ({ key: tracks[index]?.track ?? null, value }));
  await producePlainly(services, 'tracks.raw', messages);
}
