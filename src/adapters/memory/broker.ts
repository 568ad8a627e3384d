import type { LogReader, OpenWriter, PlacesOf, RangeOf, Subscribe } from '#stream/ports.ts';
import type { OutgoingRecord, Position, StoredRecord, TopicPartition } from '#stream/record.ts';
import { type MemoryMembership, memoryGroups } from './groups.ts';
import { memoryLog } from './log.ts';
import { type CommitFault, memoryTransactions } from './transactions.ts';

const ALL = Number.POSITIVE_INFINITY;

/** One process's view of the broker. */
export type MemoryClient = {
  readonly subscribe: Subscribe;
  readonly openWriter: OpenWriter;
  readonly reader: LogReader;
  readonly places: PlacesOf;
  readonly range: RangeOf;
  /** As kill -9: memberships do not leave, writers write nothing more, what is being served goes on unseen. */
  readonly kill: () => void;
};

export type MemoryBroker = MemoryClient & {
  /** Another process: its kill does not touch this one. */
  readonly connect: () => MemoryClient;
  readonly createTopic: (topic: string, partitions: number) => void;
  /** Writes outside any transaction, as upstream producers do; returns where the records stand. */
  readonly produce: (records: readonly OutgoingRecord[]) => readonly Position[];
  /** Deletes the records below an offset, as retention does. */
  readonly deleteRecords: (before: Position) => void;
  /** Forgets what a group has committed on a partition, as Kafka does with groups that nobody was in for a week. */
  readonly expire: (group: string, partition: TopicPartition) => void;
  /** What the group has committed; `null` when nothing. */
  readonly groupOffset: (group: string, partition: TopicPartition) => number | null;
  /** Every committed record of a topic, partition after partition: for assertions. */
  readonly records: (topic: string) => readonly StoredRecord[];
  /** The next commit of any writer goes wrong in this way. Several calls queue up. */
  readonly failNextCommit: (fault: CommitFault) => void;
};

/**
 * An in-memory twin of Kafka: groups with rebalances, transactions with fencing and end markers, read committed, partitions by
 * murmur2. It passes the contract suite that the Kafka adapter passes.
 * `now`: stamps records, milliseconds since the epoch. `sessionTimeoutMs`: how long a killed member keeps its partitions.
 * `maxRecordBytes`: larger records make a transaction fail; Kafka's default unless told.
 */
export const memoryBroker = (
  options: { readonly now?: () => number; readonly sessionTimeoutMs?: number; readonly maxRecordBytes?: number } = {},
): MemoryBroker => {
  const log = memoryLog(options.now ?? Date.now);
  const groups = memoryGroups(log, options.sessionTimeoutMs ?? 20);
  const waiting = new Set<() => void>();
  const changed = (): void => {
    groups.pump();
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const transactions = memoryTransactions(log, options.maxRecordBytes ?? 1_048_588, changed);

  /** Committed records up to `end`; waits for an open transaction in the way to be decided. */
  async function* readUpTo(start: Position, end: number): AsyncGenerator<StoredRecord> {
    let from = start.offset;
    while (from < end) {
      const { records, next } = log.read({ ...start, offset: from }, Math.min(end, log.stableEnd(start)), ALL);
      yield* records;
      if (next === from) await new Promise<void>((resolve) => waiting.add(resolve));
      from = next;
    }
  }

  const reader: LogReader = {
    ends: async (topic) => log.partitions(topic).map((at) => ({ ...at, offset: log.stableEnd(at) })),
    read: async function* (from) {
      const ranges = from.map((start) => ({ start, end: log.end(start) }));
      for (const { start, end } of ranges) yield* readUpTo(start, end);
    },
  };

  const connect = (): MemoryClient => {
    const memberships: MemoryMembership[] = [];
    let alive = true;
    return {
      subscribe: async (subscription) => {
        const membership = groups.join(subscription);
        memberships.push(membership);
        return membership;
      },
      openWriter: async (id) => {
        if (!alive) throw new Error('This client was killed.');
        return transactions.open(id, () => alive);
      },
      reader,
      places: transactions.places,
      range: async (at) => ({ begin: log.begin(at), end: log.stableEnd(at) }),
      kill: () => {
        alive = false;
        for (const membership of memberships) membership.kill();
      },
    };
  };

  return {
    ...connect(),
    connect,
    createTopic: log.create,
    produce: (records) => {
      const stored = records.map((record) => log.append(record, 'committed').record);
      changed();
      return stored.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    },
    deleteRecords: log.deleteBefore,
    expire: transactions.expire,
    groupOffset: transactions.groupOffset,
    records: (topic) =>
      log.partitions(topic).flatMap((at) => log.read({ ...at, offset: 0 }, log.stableEnd(at), ALL).records),
    failNextCommit: transactions.fail,
  };
};
