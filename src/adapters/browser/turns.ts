import type { CallScope } from '#providers/call-scope.ts';

type Waiting = { readonly enter: () => void };

/** So many places, taken in the order of asking within a lane, live before replay. */
export type Turns = {
  /** Waits for a place; rejects with the signal's reason when it aborts first. Returns what frees the place, once. */
  take(scope: CallScope): Promise<() => void>;
};

export function turns(places: number): Turns {
  const queues = { live: new Set<Waiting>(), replay: new Set<Waiting>() };
  let free = places;

  const admitNext = (): void => {
    const [live] = queues.live;
    const [replay] = queues.replay;
    const next = live ?? replay;
    if (free === 0 || next === undefined) return;
    free -= 1;
    next.enter();
  };

  const leaver = (): (() => void) => {
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      free += 1;
      admitNext();
    };
  };

  return {
    take: ({ lane, signal }) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const queue = queues[lane];
        const giveUp = (): void => {
          queue.delete(waiting);
          reject(signal.reason);
        };
        const waiting: Waiting = {
          enter: () => {
            queue.delete(waiting);
            signal.removeEventListener('abort', giveUp);
            resolve(leaver());
          },
        };
        queue.add(waiting);
        signal.addEventListener('abort', giveUp, { once: true });
        admitNext();
      }),
  };
}
