import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import avsc from 'avsc';
import { type Codec, codecOver, type SchemaSource } from './codec.ts';
import { type Log, persist } from './persist.ts';
import { plainType } from './plain.ts';
import { registryRest } from './rest.ts';
import { shippedSchemas, subjectOf } from './shipped.ts';

export type RegistryOptions = {
  /** The Confluent API of the registry, for Apicurio with its path /apis/ccompat/v7. */
  readonly url: string;
  readonly log: Log;
  /** Stands before every topic, for deployments that share a cluster; '' by default. */
  readonly prefix?: string;
  /** How long an id that the registry does not know is not asked for again, milliseconds; 30 s by default. */
  readonly forgetAfter?: number;
};

/** The codec of all processes: the shipped schemas, under the ids at which a live registry holds exactly them. */
export const registryCodec = (options: RegistryOptions): Codec => codecOver(registrySource(options));

/** More unknown ids than this are random bytes, not schemas: the memory of them starts anew. */
const MOST_UNKNOWN = 10_000;

function registrySource({ url, log, prefix = '', forgetAfter = 30_000 }: RegistryOptions): SchemaSource {
  const client = new SchemaRegistry({
    host: url.replace(/\/+$/, ''),
    clientId: 'linernotes',
    retry: { retries: 0 },
    // The client itself would wait for ever.
    middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: 10_000 }) })],
  });
  const rest = registryRest(url, log);
  const shipped = new Map(
    shippedSchemas().map(({ topic, text }) => [prefix + topic, { text, type: plainType(text) }] as const),
  );
  const ids = new Map<string, Promise<number>>();
  const unknown = new Map<number, number>();

  const schemaOf = (topic: string) => {
    const schema = shipped.get(topic);
    if (schema === undefined) throw new Error(`No schema is shipped for ${topic}.`);
    return schema;
  };

  /** `null` only if the registry itself says so: the client's 404 may as well be a proxy's, or a wrong path in the URL. */
  const fetched = (id: number): Promise<avsc.Type | null> =>
    persist(log, `schema ${id}`, async () => {
      try {
        const found: unknown = await client.getSchema(id);
        return avsc.Type.isType(found) ? (found as avsc.Type) : notAvro;
      } catch (error) {
        if (await rest.knows(id)) throw error;
        return null;
      }
    });

  return {
    reader: (topic) => schemaOf(topic).type,

    idOf(topic) {
      const asked =
        ids.get(topic) ??
        persist(log, `id of ${subjectOf(topic)}`, () => registeredId(client, topic, schemaOf(topic).text));
      ids.set(topic, asked);
      asked.catch(() => ids.delete(topic));
      return asked;
    },

    async writer(id) {
      if ((unknown.get(id) ?? 0) > performance.now()) return null;
      const found = await fetched(id);
      if (found === null) {
        if (unknown.size >= MOST_UNKNOWN) unknown.clear();
        unknown.set(id, performance.now() + forgetAfter);
      }
      return found;
    },
  };
}

/** Stands for JSON Schema and Protobuf, which no reader of ours can resolve. */
const notAvro = avsc.Type.forSchema('null');

async function registeredId(client: SchemaRegistry, topic: string, text: string): Promise<number> {
  try {
    return await client.getRegistryIdBySchema(subjectOf(topic), JSON.parse(text));
  } catch (error) {
    throw new Error(
      `The schema registry does not give the id of ${subjectOf(topic)}; try \`linernotes schemas register\`.`,
      {
        cause: error,
      },
    );
  }
}
