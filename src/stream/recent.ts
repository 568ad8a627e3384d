/** The last so many of something, and how many of them are alike. */
export type Recent<Value> = {
  /** Adds one; the oldest makes room. */
  add(value: Value): void;
  count(value: Value): number;
  clear(): void;
};

/** @param of how many are kept */
export function recent<Value>(of: number): Recent<Value> {
  const values: Value[] = [];
  const counts = new Map<Value, number>();

  const change = (value: Value, by: number): void => {
    const count = (counts.get(value) ?? 0) + by;
    if (count === 0) counts.delete(value);
    else counts.set(value, count);
  };

  return {
    add(value) {
      values.push(value);
      change(value, 1);
      if (values.length <= of) return;
      for (const oldest of values.splice(0, 1)) change(oldest, -1);
    },
    count: (value) => counts.get(value) ?? 0,
    clear() {
      values.length = 0;
      counts.clear();
    },
  };
}
