import type { Message, TopicMessages } from 'kafkajs';
import type { OutgoingRecord, OutgoingRecords } from '#stream/record.ts';

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

/** Gathers records into requests; `add` gives those that are full, `rest` what is left. */
function gathering() {
  let part: OutgoingRecord[] = [];
  let weight = 0;
  return {
    *add(records: Iterable<OutgoingRecord>): Generator<readonly OutgoingRecord[]> {
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
    },
    rest: (): readonly (readonly OutgoingRecord[])[] => (part.length > 0 ? [part] : []),
  };
}

/** A list is there at once: stages commit lists hundreds of times a second, and need not wait for each record. */
async function* atHand(records: OutgoingRecords): AsyncGenerator<Iterable<OutgoingRecord>> {
  if (Symbol.asyncIterator in records) for await (const record of records) yield [record];
  else yield records;
}

/**
 * Parts records into requests, in order, as they come. kafkajs makes one record batch a partition and request, which the broker
 * refuses as a whole above the topic's `max.message.bytes`, and holds a request several times in memory.
 */
export async function* sendable(records: OutgoingRecords): AsyncGenerator<readonly OutgoingRecord[]> {
  const parts = gathering();
  for await (const some of atHand(records)) yield* parts.add(some);
  yield* parts.rest();
}
