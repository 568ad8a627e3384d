import type { Message, TopicMessages } from 'kafkajs';
import type { OutgoingRecord } from '#stream/record.ts';

const messageOf = ({ key, value, headers, partition }: OutgoingRecord): Message => ({
  key,
  value,
  headers: { ...headers },
  ...(partition === null ? {} : { partition }),
});

/** Records as kafkajs takes them; the order within a topic stays. */
export const messagesByTopic = (records: readonly OutgoingRecord[]): TopicMessages[] =>
  [...Map.groupBy(records, (record) => record.topic)].map(([topic, ofTopic]) => ({
    topic,
    messages: ofTopic.map(messageOf),
  }));

/** What one request carries at most, before compression; a larger record goes alone. Far below the least `max.message.bytes`. */
const BYTES_A_SEND = 512 * 1024;

const weightOf = ({ key, value }: OutgoingRecord): number => (key?.length ?? 0) + (value?.length ?? 0);

/**
 * Parts records into requests, in order. kafkajs makes one record batch a partition and request, which the broker refuses as a
 * whole above the topic's `max.message.bytes`, and holds a request several times in memory.
 */
export function* sendable(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let part: OutgoingRecord[] = [];
  let weight = 0;
  for (const record of records) {
    const own = weightOf(record);
    if (part.length > 0 && weight + own > BYTES_A_SEND) {
      yield part;
      part = [];
      weight = 0;
    }
    part.push(record);
    weight += own;
  }
  if (part.length > 0) yield part;
}
