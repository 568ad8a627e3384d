import DataLoader from 'dataloader';

/**
 * Gathers keys that are asked beside each other into batches: a batch goes out when it is full, or when its first key has
 * waited `lingerMs`.
 * @param fetchBatch one value a key, in order; a rejection reaches the askers of that batch alone
 */
export function gather<Key, Value>(
  maxBatch: number,
  lingerMs: number,
  fetchBatch: (keys: readonly Key[]) => Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  let inBatch = 0;
  let dispatch: () => void = () => undefined;

  const schedule = (go: () => void): void => {
    const timer = setTimeout(() => dispatch(), lingerMs);
    inBatch = 0;
    dispatch = () => {
      clearTimeout(timer);
      dispatch = () => undefined;
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
