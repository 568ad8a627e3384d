import type { Lane } from './message.ts';
import { orAbort } from './wait.ts';

/** Of twenty batches under load one is a replay's: a backfill never stands before today's playlist, and never starves. */
const LIVE_BATCHES_PER_REPLAY = 19;

/** Lets live batches go at once, and replay batches when nothing live waits or is worked, or for their share. */
export type Gate = {
  /** Makes a live feed's waiting records count; returns what takes it out again. */
  watch(waiting: () => number): () => void;
  /** Waits for this lane's turn; returns what must be called when the batch is over. */
  enter(lane: Lane, signal: AbortSignal): Promise<() => void>;
};

/** One gate a stage and process. */
export function liveFirst(): Gate {
  const feeds = new Set<() => number>();
  const replays = new Set<() => void>();
  let working = 0;
  let since = 0;

  const quiet = (): boolean => working === 0 && [...feeds].every((waiting) => waiting() === 0);

  const admit = (): void => {
    for (const go of replays) {
      const share = since >= LIVE_BATCHES_PER_REPLAY;
      if (!share && !quiet()) return;
      if (share) since = 0;
      replays.delete(go);
      go();
    }
  };

  const live = (): (() => void) => {
    working += 1;
    return () => {
      working -= 1;
      since = replays.size > 0 ? since + 1 : 0;
      admit();
    };
  };

  return {
    watch(waiting) {
      feeds.add(waiting);
      return () => {
        feeds.delete(waiting);
        admit();
      };
    },

    async enter(lane, signal) {
      if (lane === 'live') return live();
      const turn = Promise.withResolvers<void>();
      replays.add(turn.resolve);
      admit();
      try {
        await orAbort(turn.promise, signal);
      } finally {
        replays.delete(turn.resolve);
      }
      return () => undefined;
    },
  };
}
