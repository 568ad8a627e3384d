import { type KafkaAdmin, kafkaAdmin } from '#adapters/kafka/admin.ts';

/**
 * Opens the administration of a cluster for one piece of work, and closes it whatever happens.
 * @param brokers `host:port`, separated by commas
 * @param warn where trouble of the connection is told
 */
export async function onCluster<Answer>(
  brokers: string,
  warn: (line: string) => void,
  work: (admin: KafkaAdmin) => Promise<Answer>,
): Promise<Answer> {
  const quiet = () => undefined;
  const loud = (_: object, message: string) => warn(message);
  const admin = kafkaAdmin({
    brokers: brokers.split(',').map((broker) => broker.trim()),
    clientId: 'linernotes-topics',
    log: { debug: quiet, info: quiet, warn: loud, error: loud },
  });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}
