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
