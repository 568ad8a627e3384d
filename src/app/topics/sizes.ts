import { readTopics } from './manifest.ts';

/** Kafka's own default, for topics that have no file. */
const DEFAULT_MAX_BYTES = 1_048_588;

/** How large a record each topic takes, in bytes. */
export function maxBytesOf(): (topic: string) => number {
  const sizes = new Map(readTopics().map(({ name, config }) => [name, Number(config['max.message.bytes'])]));
  return (topic) => sizes.get(topic) ?? DEFAULT_MAX_BYTES;
}
