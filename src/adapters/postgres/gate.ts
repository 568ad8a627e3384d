/**
 * Lets at most `width` pieces of work run at a time, in the order in which they came, and the others wait for as long as it takes.
 * A pool's own queue is no place to wait in: there a wait that is too long looks like a lost database.
 */
export function gate(width: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let free = width;

  return async function through(work) {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
