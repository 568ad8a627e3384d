import type { Feed } from '#stream/ports.ts';
import type { StoredRecord } from '#stream/record.ts';

export type PartitionQueue = Feed & {
  /** Adds what was fetched. Records below the next expected offset are dropped: a rebalance makes brokers hand them over again. */
  readonly push: (records: readonly StoredRecord[]) => void;
};

/** Events of a few kilobytes reach `maxWaiting` first; larger ones must not fill the memory while they wait. */
const MAX_BYTES = 1024 * 1024;

const bytesOf = (records: readonly StoredRecord[]): number =>
  records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);

/**
 * The records of one owned partition that were fetched and not yet taken.
 *
 * `fetching(on)` is told whenever fetching has to stop or may go on: it stops above `maxWaiting` waiting records, above a megabyte
 * of them, or while the owner has paused the feed, and goes on below half of both. Hysteresis, because each change costs a fetch
 * in flight.
 */
export const partitionQueue = (options: {
  readonly signal: AbortSignal;
  readonly maxWaiting: number;
  readonly from: number;
  readonly fetching: (on: boolean) => void;
}): PartitionQueue => {
  const { signal, maxWaiting } = options;
  let records: StoredRecord[] = [];
  let bytes = 0;
  let next = options.from;
  let full = false;
  let paused = false;
  let wake: (() => void) | null = null;

  const change = (step: () => void): void => {
    const before = full || paused;
    step();
    const after = full || paused;
    if (before !== after && !signal.aborted) options.fetching(!after);
  };

  const measure = (): void =>
    change(() => {
      if (records.length > maxWaiting || bytes > MAX_BYTES) full = true;
      if (records.length < maxWaiting / 2 && bytes < MAX_BYTES / 2) full = false;
    });

  /** Settles when at least `count` records wait, when `ms` have passed (`null`: never), or rejects on abort. */
  const waitFor = (count: number, ms: number | null): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = ms === null ? null : setTimeout(() => finish(resolve), ms);
      const finish = (settle: () => void): void => {
        if (timer !== null) clearTimeout(timer);
        signal.removeEventListener('abort', lost);
        wake = null;
        settle();
      };
      const lost = (): void => finish(() => reject(signal.reason));
      const look = (): void => {
        if (records.length >= count) finish(resolve);
      };
      signal.addEventListener('abort', lost);
      wake = look;
      if (signal.aborted) lost();
      else look();
    });

  return {
    take: async (max, lingerMs) => {
      await waitFor(1, null);
      if (records.length < max && lingerMs > 0) await waitFor(max, lingerMs);
      const taken = records.slice(0, max);
      records = records.slice(max);
      bytes -= bytesOf(taken);
      measure();
      return taken;
    },
    waiting: () => records.length,
    pause: () =>
      change(() => {
        paused = true;
      }),
    resume: () =>
      change(() => {
        paused = false;
      }),
    push: (fetched) => {
      const fresh = fetched.filter((record) => record.offset >= next);
      const last = fresh.at(-1);
      if (last === undefined || signal.aborted) return;
      next = last.offset + 1;
      records.push(...fresh);
      bytes += bytesOf(fresh);
      wake?.();
      measure();
    },
  };
};
