import { GRANT_LAPSES_MS } from '#providers/budget.ts';
import type { Slot } from '#providers/ports.ts';

/** Every twentieth slot is a replay's while live requests wait: 5 %. */
const LIVE_SLOTS_BEFORE_A_REPLAY = 19;

type Waiting = {
  readonly endpoint: string | undefined;
  readonly grant: (slot: Slot) => void;
  readonly leave: () => void;
};

/** Those who wait for slots of one account, in order within their lane. */
export type Line = {
  /** Rejects with the signal's reason when it aborts first. */
  stand(lane: 'live' | 'replay', signal: AbortSignal, endpoint?: string): Promise<Slot>;
  /** Answers all who wait; those of one endpoint, when the answer is about one. */
  sendAway(answer: Slot & { readonly kind: 'paused' }): void;
};

/**
 * One account's slots by GCRA: `due` is when the next slot would be due if all were taken evenly; one may run ahead of it by
 * `burst - 1` intervals.
 */
export function line(perSecond: number, burst: number, now: () => number): Line {
  const interval = 1000 / perSecond;
  const ahead = (burst - 1) * interval;
  const queues = { live: new Set<Waiting>(), replay: new Set<Waiting>() };
  let due = 0;
  let liveInARow = 0;
  let timer: NodeJS.Timeout | null = null;

  const next = (): Waiting | undefined => {
    const [live] = queues.live;
    const [replay] = queues.replay;
    const turnOfReplay = live === undefined || (replay !== undefined && liveInARow >= LIVE_SLOTS_BEFORE_A_REPLAY);
    liveInARow = turnOfReplay ? 0 : liveInARow + 1;
    return turnOfReplay ? replay : live;
  };

  const grantNext = (): boolean => {
    const first = next();
    if (first === undefined) return false;
    first.leave();
    first.grant({ kind: 'granted', lapsesAt: now() + GRANT_LAPSES_MS });
    return true;
  };

  const serve = (): void => {
    timer = null;
    while (due - ahead <= now() && grantNext()) due = Math.max(due, now()) + interval;
    if (queues.live.size + queues.replay.size === 0) return;
    timer = setTimeout(serve, Math.max(1, Math.ceil(due - ahead - now())));
  };

  return {
    stand: (lane, signal, endpoint) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          waiting.leave();
          reject(signal.reason);
        };
        const waiting: Waiting = {
          endpoint,
          grant: resolve,
          leave: () => {
            queues[lane].delete(waiting);
            signal.removeEventListener('abort', abort);
          },
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        queues[lane].add(waiting);
        if (timer === null) serve();
      }),
    sendAway: (answer) => {
      const all = [...queues.live, ...queues.replay];
      for (const waiting of all.filter(({ endpoint }) => [undefined, endpoint].includes(answer.endpoint))) {
        waiting.leave();
        waiting.grant(answer);
      }
    },
  };
}
