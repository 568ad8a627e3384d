import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import { type AbortedTransaction, abortedRecords, type RawRecord } from './aborted.ts';
import { lightenWriting } from './lighter-writing.ts';
import { zstd } from './zstd.ts';

const inside = createRequire(import.meta.url);

type FetchedPartition = { messages: RawRecord[]; abortedTransactions: AbortedTransaction[] };
type FetchResponse = {
  decode: (bytes: Buffer) => Promise<{ responses: { partitions: FetchedPartition[] }[] }>;
};
type RequestQueue = {
  throttledUntil: number;
  pending: unknown[];
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
};

/** Versions of Fetch that list aborted transactions; each has a decoder of its own. */
const FETCH_VERSIONS = [4, 5, 6, 7, 8, 9, 10, 11];

/** Marks aborted records as control records: kafkajs hands over neither, but moves its position past both. */
const hideAborted = (partition: FetchedPartition): void => {
  for (const record of abortedRecords(partition.messages, partition.abortedTransactions ?? []))
    record.isControlRecord = true;
  partition.abortedTransactions = [];
};

const repairReadCommitted = (): void => {
  for (const version of FETCH_VERSIONS) {
    const response: FetchResponse = inside(`kafkajs/src/protocol/requests/fetch/v${version}/response`);
    const { decode } = response;
    response.decode = async (bytes) => {
      const decoded = await decode(bytes);
      for (const { partitions } of decoded.responses) partitions.forEach(hideAborted);
      return decoded;
    };
  }
};

/**
 * kafkajs looks at the requests it holds back every millisecond, on every connection, also when there are none, and sets that
 * timer in the past, of which Node 24 prints a warning. Here it looks when there is one to look at; `push` and each answer do so too.
 */
const repairTimers = (): void => {
  const queue: { prototype: RequestQueue } = inside('kafkajs/src/network/requestQueue');
  queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length === 0) return;
    if (this.throttleCheckTimeoutId !== null && this.throttleCheckTimeoutId !== undefined) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(this.throttledUntil - Date.now(), 10),
    );
  };
};

const addZstd = (): void => {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => zstd;
};

let repaired = false;

/**
 * What kafkajs 2.2.4, which has no maintainer, needs before it can be used: read committed that holds when transactions overlap,
 * timers that do not point into the past, zstd, and record batches that are written without waste. Its own modules are changed in
 * place, once a process.
 */
export const repairKafkajs = (): void => {
  if (repaired) return;
  repaired = true;
  repairReadCommitted();
  repairTimers();
  addZstd();
  lightenWriting();
};
