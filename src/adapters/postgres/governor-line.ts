import { setTimeout as elapsed } from 'node:timers/promises';
import { GRANT_LAPSES_MS } from '#providers/budget.ts';
import type { Slot } from '#providers/ports.ts';
import type { Window } from '#providers/window.ts';
import { type GivenSlot, MOST_AT_ONCE, type Taken } from './governor-slots.ts';

/** A call that is later than its slot by no more is as good as in time. */
const IN_TIME_MS = 10;

type Granted = Slot & { readonly kind: 'granted' };

type Waiting = {
  readonly endpoint: string | undefined;
  readonly grant: (slot: Slot) => void;
  readonly refuse: (reason: unknown) => void;
  readonly leave: () => void;
};

/** Those who wait for slots of one account in one lane, in order. */
export type Line = {
  /** Rejects with the signal's reason when it aborts first, and when slots cannot be taken. */
  stand(signal: AbortSignal, endpoint?: string): Promise<Slot>;
  /** Answers all who wait; those of one endpoint, when the answer is about one. */
  sendAway(answer: Slot & { readonly kind: 'paused' }): void;
};

export type LineWorld = {
  /** Takes up to so many slots for this line. */
  take(count: number): Promise<Taken>;
  /** Told when there were fewer slots than waiters. */
  short(): void;
  /** Told of a pause that others began. */
  paused(pause: Slot & { readonly kind: 'paused' }): void;
  /** Told of a slot whose call was written so much later, or (`null`) not made. */
  told(slot: GivenSlot, lateMs: number | null): void;
  /** The calls of this process, in all its lines of the account. */
  readonly window: Window;
  /** Milliseconds since the epoch. */
  now(): number;
};

/** What the holder of a grant for this moment tells of it, the first time that it does. */
function useOf({ window, told }: LineWorld, slot: GivenSlot, moment: number): NonNullable<Granted['used']> {
  const counts = window.leave();
  let isTold = false;
  return (how) => {
    if (isTold) return;
    isTold = true;
    const now = performance.now();
    counts(how === 'written' ? now : null);
    if (how === 'unused') told(slot, null);
    else if (now - moment > IN_TIME_MS) told(slot, now - moment);
  };
}

/** A line that asks for slots while somebody waits, for all who wait at once, and hands each out at its moment. */
export function line(world: LineWorld): Line {
  const waiting = new Set<Waiting>();
  let serving = false;

  const until = async (moment: number): Promise<void> => {
    const left = Math.ceil(moment - performance.now());
    if (left > 0) await elapsed(left);
  };

  /** What this process sent late moves what follows, as far as its grant goes. */
  const free = async (): Promise<void> => {
    for (let left = world.window.wait(performance.now()); left > 0; left = world.window.wait(performance.now()))
      await elapsed(Math.ceil(left));
  };

  const hand = (slot: GivenSlot, moment: number): void => {
    const left = moment + GRANT_LAPSES_MS - performance.now();
    const [first] = waiting;
    if (first === undefined || left <= 0) {
      world.told(slot, null);
      return;
    }
    first.leave();
    first.grant({ kind: 'granted', lapsesAt: world.now() + left, used: useOf(world, slot, moment) });
  };

  /** Slots count from when the statement was sent: it may have run at once and its answer come late, even very late. */
  const serveOnce = async (): Promise<void> => {
    const wanted = Math.min(waiting.size, MOST_AT_ONCE);
    const sent = performance.now();
    const taken = await world.take(wanted);
    const delay = performance.now() - sent;
    if (taken.kind === 'paused') {
      world.paused(taken);
      return;
    }
    if (taken.slots.length < wanted) world.short();
    for (const slot of taken.slots) {
      await until(sent + delay + slot.inMs);
      await free();
      hand(slot, sent + slot.inMs);
    }
    if (taken.slots.length < wanted) await until(sent + delay + taken.againInMs);
  };

  const serve = async (): Promise<void> => {
    serving = true;
    try {
      while (waiting.size > 0) await serveOnce();
    } catch (error) {
      for (const one of [...waiting]) {
        one.leave();
        one.refuse(error);
      }
    } finally {
      serving = false;
    }
  };

  return {
    stand: (signal, endpoint) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          one.leave();
          reject(signal.reason);
        };
        const one: Waiting = {
          endpoint,
          grant: resolve,
          refuse: reject,
          leave: () => {
            waiting.delete(one);
            signal.removeEventListener('abort', abort);
          },
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        waiting.add(one);
        if (!serving) void serve();
      }),
    sendAway: (answer) => {
      for (const one of [...waiting].filter((each) => [undefined, each.endpoint].includes(answer.endpoint))) {
        one.leave();
        one.grant(answer);
      }
    },
  };
}
