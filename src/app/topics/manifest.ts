import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { LATEST_TOPIC } from '#track/topology.ts';

const number = z.string().regex(/^(-1|\d+)$/, 'a whole number as text; -1 means no limit');

/** Topics that are replayed: history goes by retention alone. */
const kept = z.strictObject({
  'cleanup.policy': z.literal('delete'),
  'retention.ms': number,
  'retention.bytes': number,
  'max.message.bytes': number,
});

/** A topic of which the last value of each key counts. */
const compacted = z.strictObject({
  'cleanup.policy': z.literal('compact'),
  /** How long a reader who is on its way through the topic still sees that a key is gone. */
  'delete.retention.ms': number,
  /** Older values of a key are gone after so long, however little is written. */
  'max.compaction.lag.ms': number,
  'max.message.bytes': number,
});

/**
 * One file of `topics/`. Whatever it does not name stays as the cluster has it. `min.insync.replicas` follows from the replication.
 * Only the topic of newest states is compacted: anywhere else that destroys the history that replays and rebuilds read.
 */
const manifest = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
    description: z.string().min(1),
    /** How long and why. */
    retention: z.string().min(1),
    partitions: z.int().positive(),
    replication: z.int().positive(),
    config: z.discriminatedUnion('cleanup.policy', [kept, compacted]),
  })
  .refine(({ name, config }) => (config['cleanup.policy'] === 'compact') === (name === LATEST_TOPIC), {
    path: ['config', 'cleanup.policy'],
    message: `compact for ${LATEST_TOPIC}, delete for all others`,
  });

/** A topic as it has to be. */
export type WantedTopic = {
  readonly name: string;
  readonly description: string;
  readonly retention: string;
  readonly partitions: number;
  readonly replication: number;
  readonly config: Readonly<Record<string, string>>;
};

export type TopicsOptions = {
  /** Stands before every name; '' by default. */
  readonly prefix?: string;
  /** Instead of the files' replication: what a cluster of several brokers sets as KAFKA_REPLICATION. */
  readonly replication?: number | null;
  /** Where the files are; `topics/` of this release by default. */
  readonly folder?: URL;
};

const SHIPPED = new URL('../../../topics/', import.meta.url);

/**
 * Reads every file of the folder.
 * @throws an error that names the file and what is wrong with it
 */
export function readTopics({
  prefix = '',
  replication = null,
  folder = SHIPPED,
}: TopicsOptions = {}): readonly WantedTopic[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const topic = read(new URL(file, folder), file);
    const copies = replication ?? topic.replication;
    return {
      ...topic,
      name: prefix + topic.name,
      replication: copies,
      config: { ...topic.config, 'min.insync.replicas': copies > 2 ? '2' : '1' },
    };
  });
}

function read(url: URL, file: string): z.infer<typeof manifest> {
  const problem = (text: string) => new Error(`topics/${file}: ${text}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(url, 'utf8'));
  } catch (error) {
    throw problem(String(error));
  }
  const parsed = manifest.safeParse(json);
  if (!parsed.success) throw problem(z.prettifyError(parsed.error));
  if (`${parsed.data.name}.json` !== file)
    throw problem(`the topic is called ${parsed.data.name}, so must be the file`);
  return parsed.data;
}
