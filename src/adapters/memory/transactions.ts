import type { CommitResult, PlacesOf, Progress, TransactionalWriter } from '#stream/ports.ts';
import type { OutgoingRecord, OutgoingRecords, TopicPartition } from '#stream/record.ts';
import type { Entry, MemoryLog } from './log.ts';

/**
 * What goes wrong with a commit; it answers `lost` each time.
 * `lost-before`: nothing took effect. `left-open`: records were written but never decided, and hold readers up until the next
 * writer with this id opens. `lost-after`: all took effect and only the answer got lost.
 */
export type CommitFault = 'lost-before' | 'left-open' | 'lost-after';

export type MemoryTransactions = {
  /** Opens a writer; `alive` is asked before each step, so that a killed process writes nothing. */
  readonly open: (transactionalId: string, alive: () => boolean) => TransactionalWriter;
  readonly fail: (fault: CommitFault) => void;
  readonly groupOffset: (group: string, partition: TopicPartition) => number | null;
  readonly expire: (group: string, partition: TopicPartition) => void;
  readonly places: PlacesOf;
};

const offsetKey = (group: string, { topic, partition }: TopicPartition): string => `${group} ${topic}/${partition}`;

const bytesOf = ({ key, value }: OutgoingRecord): number => (key?.length ?? 0) + (value?.length ?? 0);

const listed = async (records: OutgoingRecords): Promise<readonly OutgoingRecord[]> =>
  Symbol.asyncIterator in records ? Array.fromAsync(records) : [...records];

/** Transactions with fencing by id. `changed` is called when something became readable. */
export const memoryTransactions = (log: MemoryLog, maxRecordBytes: number, changed: () => void): MemoryTransactions => {
  const epochs = new Map<string, number>();
  const undecided = new Map<string, readonly Entry[]>();
  const offsets = new Map<string, { readonly offset: number; readonly note: string | null }>();
  const faults: CommitFault[] = [];

  const conclude = (entries: readonly Entry[], progress: Progress | null): void => {
    log.decide(entries, 'committed');
    if (progress !== null) {
      const { group, next, note = null } = progress;
      offsets.set(offsetKey(group, next), { offset: next.offset, note });
    }
    changed();
  };

  const transact = (id: string, records: readonly OutgoingRecord[], progress: Progress | null): CommitResult => {
    const fault = faults.shift() ?? null;
    if (fault === 'lost-before' || records.some((record) => bytesOf(record) > maxRecordBytes)) return 'lost';
    const entries = records.map((record) => log.append(record, 'open'));
    if (fault === 'left-open') {
      undecided.set(id, entries);
      return 'lost';
    }
    conclude(entries, progress);
    return fault === null ? 'committed' : 'lost';
  };

  const fence = (id: string): number => {
    const epoch = (epochs.get(id) ?? 0) + 1;
    epochs.set(id, epoch);
    const left = undecided.get(id);
    if (left !== undefined) {
      undecided.delete(id);
      log.decide(left, 'aborted');
      changed();
    }
    return epoch;
  };

  return {
    open: (id, alive) => {
      const epoch = fence(id);
      let spent = false;
      return {
        committed: async (group, partition) => offsets.get(offsetKey(group, partition))?.offset ?? null,
        commit: async (given, progress) => {
          await Promise.resolve();
          const records = await listed(given).catch((error: unknown) => {
            spent = true;
            throw error;
          });
          if (spent || !alive() || epochs.get(id) !== epoch) return 'lost';
          const result = transact(id, records, progress);
          spent = result === 'lost';
          return result;
        },
        close: async () => {
          spent = true;
        },
      };
    },
    fail: (fault) => {
      faults.push(fault);
    },
    groupOffset: (group, partition) => offsets.get(offsetKey(group, partition))?.offset ?? null,
    expire: (group, partition) => {
      offsets.delete(offsetKey(group, partition));
    },
    places: async (group, partitions) =>
      partitions.flatMap(({ topic, partition }) => {
        const place = offsets.get(offsetKey(group, { topic, partition }));
        return place === undefined ? [] : [{ topic, partition, ...place }];
      }),
  };
};
