import type { LogReader, OpenWriter, Subscribe } from '#stream/ports.ts';
import type { OutgoingRecord, Position, StoredRecord, TopicPartition } from '#stream/record.ts';
import { type MemoryMembership, memoryGroups } from './groups.ts';
import { memoryLog } from './log.ts';
import { type CommitFault, memoryTransactions } from './transactions.ts';

/** One process's view of the broker. */
export type MemoryClient = {
  readonly subscribe: Subscribe;
  readonly openWriter: OpenWriter;
  readonly reader: LogReader;
  /** As kill -9: memberships do not leave, writers write nothing more, what is being served goes on unseen. */
  readonly kill: () => void;
};

export type MemoryBroker = MemoryClient & {
  /** Another process: its kill does not touch this one. */
  readonly connect: () => MemoryClient;
  readonly createTopic: (topic: string, partitions: number) => void;
  /** Writes outside any transaction, as upstream producers do; returns where the records stand. */
  readonly produce: (records: readonly OutgoingRecord[]) => readonly Position[];
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
 */
export const memoryBroker = (
  options: { readonly now?: () => number; readonly sessionTimeoutMs?: number } = {},
): MemoryBroker => {
  const log = memoryLog(options.now ?? Date.now);
  const groups = memoryGroups(log, options.sessionTimeoutMs ?? 20);
  const transactions = memoryTransactions(log, groups.pump);

  const reader: LogReader = {
    ends: async (topic) => log.partitions(topic).map((at) => ({ ...at, offset: log.stableEnd(at) })),
    read: async function* (from) {
      const ranges = from.map((start) => ({ start, end: log.stableEnd(start) }));
      for (const { start, end } of ranges) yield* log.read(start, end, Number.POSITIVE_INFINITY).records;
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
      groups.pump();
      return stored.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    },
    groupOffset: transactions.groupOffset,
    records: (topic) =>
      log
        .partitions(topic)
        .flatMap((at) => log.read({ ...at, offset: 0 }, log.stableEnd(at), Number.POSITIVE_INFINITY).records),
    failNextCommit: transactions.fail,
  };
};
