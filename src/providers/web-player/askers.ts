import type { CallScope } from '#providers/call-scope.ts';
import type { Place } from './places.ts';

export const LANES = ['live', 'replay'] as const;
type Lane = (typeof LANES)[number];

type Asker = {
  readonly since: number;
  readonly enter: (place: Place) => void;
  readonly refuse: (reason: unknown) => void;
};

/** Those of one process who wait for a place. */
export type Askers = {
  /** Waits in the lane's order; rejects with the signal's reason when it aborts first. */
  stand(scope: CallScope): Promise<Place>;
  /** Hands a place to the first, live before replay. @returns whether somebody took it */
  give(place: Place): boolean;
  /** Sends all away. */
  refuse(reason: unknown): void;
  /** How many wait in a lane, and for how many milliseconds the first of them. */
  waiting(lane: Lane): { readonly count: number; readonly forMs: number };
};

export function askers(): Askers {
  const queues = { live: new Set<Asker>(), replay: new Set<Asker>() };

  return {
    stand: ({ lane, signal }) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const queue = queues[lane];
        const leave = (): void => {
          queue.delete(asker);
          signal.removeEventListener('abort', giveUp);
        };
        const refuse = (reason: unknown): void => {
          leave();
          reject(reason);
        };
        const giveUp = (): void => refuse(signal.reason);
        const asker: Asker = {
          since: performance.now(),
          refuse,
          enter: (place) => {
            leave();
            resolve(place);
          },
        };
        queue.add(asker);
        signal.addEventListener('abort', giveUp, { once: true });
      }),
    give: (place) => {
      const [live] = queues.live;
      const [replay] = queues.replay;
      const next = live ?? replay;
      next?.enter(place);
      return next !== undefined;
    },
    refuse: (reason) => {
      for (const lane of LANES) for (const asker of [...queues[lane]]) asker.refuse(reason);
    },
    waiting: (lane) => {
      const [first] = queues[lane];
      return { count: queues[lane].size, forMs: first === undefined ? 0 : performance.now() - first.since };
    },
  };
}
