import { partitionKey } from '#adapters/group/servings.ts';
import type { OutgoingRecord, StoredRecord, TopicPartition } from '#stream/record.ts';
import { partitionOf } from './murmur2.ts';

/** A record on a partition, or a transaction's end marker, which takes up an offset and is never handed over. */
export type Entry = {
  readonly record: StoredRecord;
  state: 'open' | 'committed' | 'aborted' | 'marker';
};

export type MemoryLog = {
  readonly create: (topic: string, partitions: number) => void;
  readonly partitions: (topic: string) => readonly TopicPartition[];
  /** Appends one record, which stays undecided or counts at once. */
  readonly append: (record: OutgoingRecord, state: 'open' | 'committed') => Entry;
  /** Decides a transaction's records and writes its marker on each partition it touched. */
  readonly decide: (entries: readonly Entry[], state: 'committed' | 'aborted') => void;
  /** The first offset that still stands. */
  readonly begin: (partition: TopicPartition) => number;
  readonly deleteBefore: (position: TopicPartition & { readonly offset: number }) => void;
  /** Where the next record goes: the high watermark. */
  readonly end: (partition: TopicPartition) => number;
  /** The first offset that a reader of committed records may not pass: the first undecided record, or the end. */
  readonly stableEnd: (partition: TopicPartition) => number;
  /** Committed records from `offset` up to `end`, at most `max`, and the offset to go on from. */
  readonly read: (
    from: TopicPartition & { readonly offset: number },
    end: number,
    max: number,
  ) => { readonly records: readonly StoredRecord[]; readonly next: number };
};

/** The topics of the in-memory broker. `now` stamps records: milliseconds since the epoch. */
export const memoryLog = (now: () => number): MemoryLog => {
  const topics = new Map<string, Entry[][]>();
  const begins = new Map<string, number>();
  /** Keyless records take turns. */
  let turn = 0;

  const topicOf = (topic: string): Entry[][] => {
    const found = topics.get(topic);
    if (found === undefined) throw new Error(`There is no topic ${topic} on this broker.`);
    return found;
  };

  const entriesOf = ({ topic, partition }: TopicPartition): Entry[] => {
    const found = topicOf(topic)[partition];
    if (found === undefined) throw new Error(`Topic ${topic} has no partition ${partition}.`);
    return found;
  };

  const place = (record: OutgoingRecord): number => {
    const count = topicOf(record.topic).length;
    if (record.partition !== null) return record.partition;
    if (record.key !== null) return partitionOf(record.key, count);
    turn += 1;
    return turn % count;
  };

  const put = (at: TopicPartition, content: Pick<StoredRecord, 'key' | 'value' | 'headers'>, state: Entry['state']) => {
    const entries = entriesOf(at);
    const { topic, partition } = at;
    const { key, value, headers } = content;
    const entry: Entry = {
      record: { topic, partition, offset: entries.length, timestamp: now(), key, value, headers: { ...headers } },
      state,
    };
    entries.push(entry);
    return entry;
  };

  const stableEnd = (partition: TopicPartition): number => {
    const entries = entriesOf(partition);
    const open = entries.findIndex((entry) => entry.state === 'open');
    return open === -1 ? entries.length : open;
  };

  const begin = (partition: TopicPartition): number => begins.get(partitionKey(partition)) ?? 0;

  return {
    create: (topic, partitions) => {
      if (topics.has(topic)) throw new Error(`Topic ${topic} exists already.`);
      topics.set(
        topic,
        Array.from({ length: partitions }, () => []),
      );
    },
    partitions: (topic) => topicOf(topic).map((_, partition) => ({ topic, partition })),
    append: (record, state) => put({ topic: record.topic, partition: place(record) }, record, state),
    decide: (entries, state) => {
      for (const entry of entries) entry.state = state;
      const touched = new Map(entries.map(({ record }) => [`${record.topic}/${record.partition}`, record]));
      for (const at of touched.values()) put(at, { key: null, value: null, headers: {} }, 'marker');
    },
    begin,
    deleteBefore: (position) => {
      begins.set(partitionKey(position), Math.min(position.offset, entriesOf(position).length));
    },
    end: (partition) => entriesOf(partition).length,
    stableEnd,
    read: (from, end, max) => {
      const entries = entriesOf(from);
      const records: StoredRecord[] = [];
      let next = Math.max(from.offset, begin(from));
      for (; next < end && records.length < max; next += 1) {
        const entry = entries[next];
        if (entry?.state === 'committed') records.push(entry.record);
      }
      return { records, next };
    },
  };
};
