import DataLoader from 'dataloader';

/** How long the first key of a batch waits for company, in milliseconds: always the same, or longer where many keys come. */
export type Linger =
  | number
  | {
      readonly idleMs: number;
      readonly busyMs: number;
      /** Whether so much more is about to come that it pays to wait on after so long; when absent, the size of the batches before tells. */
      readonly isBusy?: (waitedMs: number) => boolean;
    };

/** Many keys come when a batch went out so full, and no longer ago. */
const BUSY_SHARE = 0.2;
const BUSY_FOR_MS = 15_000;
const MIN_LOOK_MS = 20;

/**
 * Gathers keys that are asked beside each other into batches: a batch goes out when it is full, or when its first key has
 * waited for as long as it lingers.
 * @param fetchBatch one value a key, in order; a rejection reaches the askers of that batch alone
 */
export function gather<Key, Value>(
  maxBatch: number,
  linger: Linger,
  fetchBatch: (keys: readonly Key[]) => Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  let inBatch = 0;
  let busyUntil = Number.NEGATIVE_INFINITY;
  let dispatch: () => void = () => undefined;

  /** Looks now and then whether more is still about to come. */
  const wait = (waitedMs: number): NodeJS.Timeout => {
    if (typeof linger === 'number') return setTimeout(() => dispatch(), linger);
    const { idleMs, busyMs, isBusy = () => performance.now() < busyUntil } = linger;
    const lookAgainMs = Math.max(MIN_LOOK_MS, idleMs);
    return setTimeout(() => {
      const waited = waitedMs + lookAgainMs;
      if (isBusy(waited) && waited < busyMs) timer = wait(waited);
      else dispatch();
    }, lookAgainMs);
  };

  let timer: NodeJS.Timeout | undefined;
  const schedule = (go: () => void): void => {
    timer = wait(0);
    inBatch = 0;
    dispatch = () => {
      clearTimeout(timer);
      dispatch = () => undefined;
      if (inBatch >= maxBatch * BUSY_SHARE) busyUntil = performance.now() + BUSY_FOR_MS;
      go();
    };
  };

  const loader = new DataLoader<Key, Value>(fetchBatch, {
    cache: false,
    maxBatchSize: maxBatch,
    batchScheduleFn: schedule,
  });

  return (key) => {
    const value = loader.load(key);
    inBatch += 1;
    if (inBatch === maxBatch) dispatch();
    return value;
  };
}
