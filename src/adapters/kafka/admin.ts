import kafkajs, { type Admin } from 'kafkajs';
import type { LogRange } from '#stream/ports.ts';
import type { Position, TopicPartition } from '#stream/record.ts';
import { type KafkaConnection, kafkaClient, PATIENT } from './client.ts';
import { newTopics } from './new-topics.ts';
import { untilPassed } from './passing.ts';

/** A topic as it is. `config` holds what is set on the topic itself, not what it inherits from the broker. */
export type TopicDescription = {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly config: Readonly<Record<string, string>>;
};

/** What a group has committed; `null` where it has committed nothing. */
export type GroupOffset = TopicPartition & { readonly offset: number | null; readonly note: string | null };

export type KafkaAdmin = {
  readonly list: () => Promise<readonly string[]>;
  /** Those of the names that exist. */
  readonly describe: (names: readonly string[]) => Promise<readonly TopicDescription[]>;
  /** Creates topics and waits until they have leaders. Rejects when one exists. */
  readonly create: (topics: readonly TopicDescription[]) => Promise<void>;
  /** Raises the number of partitions to `total`. Rejects when that would lower it. */
  readonly addPartitions: (name: string, total: number) => Promise<void>;
  /** Sets these keys on the topic and leaves its other keys as they are. */
  readonly alterConfig: (name: string, config: Readonly<Record<string, string>>) => Promise<void>;
  readonly deleteTopics: (names: readonly string[]) => Promise<void>;
  readonly groupOffsets: (group: string, topics: readonly string[]) => Promise<readonly GroupOffset[]>;
  /** End offsets, read committed. */
  readonly ends: (topic: string) => Promise<readonly Position[]>;
  /** First offsets that still stand. */
  readonly starts: (topic: string) => Promise<readonly Position[]>;
  /** Both of one partition, seen at one moment. Rejects when there is no such partition. */
  readonly range: (partition: TopicPartition) => Promise<LogRange>;
  /** Where reading must begin to see all that is not older than `time` (milliseconds): the end where everything is older. */
  readonly since: (topic: string, time: number) => Promise<readonly Position[]>;
  readonly close: () => Promise<void>;
};

/** `DescribeConfigs` marks what is set on the topic itself with this source. */
const SET_ON_TOPIC = 1;

type Entry = { readonly configName: string; readonly configValue: string; readonly configSource?: number };

const entriesOf = (config: Readonly<Record<string, string>>) =>
  Object.entries(config).map(([name, value]) => ({ name, value }));

type Bounds = readonly { readonly partition: number; readonly high: string; readonly low: string }[];

/** Brokers answer for partitions in any order. */
const positionsOf = (topic: string, bounds: Bounds, side: 'high' | 'low'): readonly Position[] =>
  bounds
    .map((bound) => ({ topic, partition: bound.partition, offset: Number(bound[side]) }))
    .sort((one, other) => one.partition - other.partition);

/** Configuration of topics and the state of groups, in our words. Connects at the first call. */
export const kafkaAdmin = (connection: KafkaConnection): KafkaAdmin => {
  let connected: Promise<Admin> | null = null;

  const connect = async (): Promise<Admin> => {
    const client = kafkaClient(connection, PATIENT).admin();
    await client.connect();
    return client;
  };

  const disconnect = async (): Promise<void> => {
    const last = connected;
    connected = null;
    await last?.then((client) => client.disconnect()).catch(() => undefined);
  };

  const admin = (): Promise<Admin> => {
    connected ??= connect().catch((error: unknown) => {
      connected = null;
      throw error;
    });
    return connected;
  };

  /** kafkajs's admin never looks again who leads a partition, so a read that fails is asked by a new one. */
  const read = <Answer>(ask: (client: Admin) => Promise<Answer>): Promise<Answer> =>
    untilPassed(async () => ask(await admin()), disconnect);

  const configsOf = async (names: readonly string[]): Promise<Map<string, Record<string, string>>> => {
    const { resources } = await (await admin()).describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
    });
    return new Map(
      resources.map(({ resourceName, configEntries }) => {
        const set = (configEntries as readonly Entry[]).filter((entry) => entry.configSource === SET_ON_TOPIC);
        return [resourceName, Object.fromEntries(set.map((entry) => [entry.configName, entry.configValue]))];
      }),
    );
  };

  const list = async (): Promise<readonly string[]> => (await (await admin()).listTopics()).sort();

  const describe = async (names: readonly string[]): Promise<readonly TopicDescription[]> => {
    const existing = new Set(await list());
    const known = names.filter((name) => existing.has(name));
    if (known.length === 0) return [];
    const { topics } = await (await admin()).fetchTopicMetadata({ topics: known });
    const configs = await configsOf(known);
    return topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.length,
      replication: partitions[0]?.replicas.length ?? 0,
      config: configs.get(name) ?? {},
    }));
  };

  const bounds = (topic: string) => read((client) => client.fetchTopicOffsets(topic));

  return {
    list,
    describe,
    create: async (topics) =>
      newTopics(
        await admin(),
        topics.map(({ name, partitions, replication, config }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor: replication,
          configEntries: entriesOf(config),
        })),
      ),
    addPartitions: async (name, total) => {
      await (await admin()).createPartitions({ topicPartitions: [{ topic: name, count: total }] });
    },
    alterConfig: async (name, config) => {
      // kafkajs has only the older AlterConfigs, which forgets every key that is not named.
      const all = { ...(await configsOf([name])).get(name), ...config };
      await (await admin()).alterConfigs({
        validateOnly: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries: entriesOf(all) }],
      });
    },
    deleteTopics: async (names) => {
      await (await admin()).deleteTopics({ topics: [...names] });
    },
    groupOffsets: async (group, topics) => {
      const found = await read((client) => client.fetchOffsets({ groupId: group, topics: [...topics] }));
      return found.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset, metadata }) => ({
          topic,
          partition,
          offset: Number(offset) < 0 ? null : Number(offset),
          note: metadata || null,
        })),
      );
    },
    ends: async (topic) => positionsOf(topic, await bounds(topic), 'high'),
    starts: async (topic) => positionsOf(topic, await bounds(topic), 'low'),
    range: async ({ topic, partition }) => {
      const bound = (await bounds(topic)).find((one) => one.partition === partition);
      if (bound === undefined) throw new Error(`Topic ${topic} has no partition ${partition}.`);
      return { begin: Number(bound.low), end: Number(bound.high) };
    },
    since: async (topic, time) => {
      const found = await read((client) => client.fetchTopicOffsetsByTimestamp(topic, time));
      return found
        .map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) }))
        .sort((one, other) => one.partition - other.partition);
    },
    close: disconnect,
  };
};
