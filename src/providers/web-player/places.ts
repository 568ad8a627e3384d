import type { CallScope } from '#providers/call-scope.ts';

/** Leave to have one tab open. */
export type Place = {
  /**
   * Until when the place is ours for certain, by `machineMs`; it moves on for as long as we can keep it. A tab may not be open a moment
   * longer, also when this process is stopped. `Infinity` where nobody else could get it.
   */
  until(): number;
  /** Gives it back, once; to be called when the tab is closed. What cannot be told lapses. Never rejects. */
  leave(): void;
};

/** So many places for tabs as are configured, for all processes together. */
export type Places = {
  /**
   * Waits for a place, in the order of asking within a lane, live before replay. Rejects with the signal's reason when it aborts first,
   * and when nobody can say which places are free: nobody opens a page on a guess.
   */
  take(scope: CallScope): Promise<Place>;
  /** Resolves when all that were taken have been given back, and others can have them. */
  settled(): Promise<void>;
};

/** Milliseconds of the monotonic clock that all processes of one machine share. */
export const machineMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);
