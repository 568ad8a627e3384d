export type KafkaPlace = { readonly data: string; readonly port: number; readonly controllerPort: number };

/** 4 MiB, the largest of our topics (dead letters), and room for the batch around one record of that size. */
const LARGEST_MESSAGE = 4 * 1024 * 1024 + 64 * 1024;

const settings = ({ data, port, controllerPort }: KafkaPlace): Record<string, string | number> => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  'controller.listener.names': 'CONTROLLER',
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'log.dirs': data,
  // A misspelt topic is an error, not a new topic.
  'auto.create.topics.enable': 'false',
  'default.replication.factor': 1,
  'min.insync.replicas': 1,
  'offsets.topic.replication.factor': 1,
  // Without these three the first transaction on a single broker waits for ever.
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  // 50 partitions each by default: made at the first group and the first transaction, for one broker a waste of seconds.
  'offsets.topic.num.partitions': 8,
  'transaction.state.log.num.partitions': 8,
  // A machine of one's own is often off for more than a week: committed offsets must still be there.
  'offsets.retention.minutes': 60 * 24 * 365,
  'group.initial.rebalance.delay.ms': 0,
  // Tests and quick restarts use short sessions; the broker's own floor is 6 s.
  'group.min.session.timeout.ms': 1000,
  'message.max.bytes': LARGEST_MESSAGE,
  'replica.fetch.max.bytes': LARGEST_MESSAGE,
  // The default 128 MiB buffer of the log cleaner is a quarter of this broker's heap.
  'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  'num.network.threads': 2,
  'num.io.threads': 4,
});

/** `server.properties` of a single broker, also its own controller, that listens on loopback only. */
export const kafkaProperties = (place: KafkaPlace): string =>
  Object.entries(settings(place))
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
