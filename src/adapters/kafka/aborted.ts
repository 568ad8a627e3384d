/** A record as kafkajs decodes it off the wire, before it decides what to hand over. */
export type RawRecord = {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>;
  readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
  isControlRecord?: boolean;
};

export type AbortedTransaction = { readonly producerId: string; readonly firstOffset: string };

/** A control record's key is its version and its type, two bytes each; type 0 is an abort. */
const isAbortMarker = (record: RawRecord): boolean =>
  record.isControlRecord === true && record.key !== null && record.key.length >= 4 && record.key.readInt16BE(2) === 0;

/**
 * Which of these records belong to aborted transactions.
 *
 * The broker lists aborted transactions in the order in which they ended, so the list is sorted by first offset here, and all
 * that begin at or before a record are taken up at once. kafkajs 2.2.4 does neither and hands over aborted records when
 * transactions overlap, or when a fetch begins inside two of them.
 */
export const abortedRecords = (
  records: readonly RawRecord[],
  transactions: readonly AbortedTransaction[],
): readonly RawRecord[] => {
  const waiting = [...transactions].sort((one, other) => Number(one.firstOffset) - Number(other.firstOffset));
  const aborting = new Set<string>();
  const enter = (offset: number): void => {
    for (let first = waiting[0]; first !== undefined && Number(first.firstOffset) <= offset; first = waiting[0]) {
      aborting.add(first.producerId);
      waiting.shift();
    }
  };
  return records.filter((record) => {
    enter(Number(record.offset));
    const producer = record.batchContext?.producerId ?? '';
    if (isAbortMarker(record)) aborting.delete(producer);
    return record.isControlRecord !== true && record.batchContext?.inTransaction === true && aborting.has(producer);
  });
};
