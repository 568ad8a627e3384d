import { COMPLETE } from './sources.ts';

/** How far a track has come, as two registers that only rise. */
export type Progress = {
  /** The furthest place along the chain: 0 raw … 5 complete. */
  readonly reached: number;
  /** The furthest place at which it was dead-lettered without going on; `null` when it never was. */
  readonly lost: number | null;
};

/** Where a track stands. Exactly one of these, so the three counts of a run always add up to what it accepted. */
export type Place = 'complete' | 'in_flight' | 'dead_lettered';

export const furthest = (a: Progress, b: Progress): Progress => ({
  reached: Math.max(a.reached, b.reached),
  lost: a.lost === null || b.lost === null ? (a.lost ?? b.lost) : Math.max(a.lost, b.lost),
});

/** A track that went past the place where it was lost (a redrive) is on its way again. */
export function placeOf({ reached, lost }: Progress): Place {
  if (reached >= COMPLETE) return 'complete';
  return lost !== null && lost >= reached ? 'dead_lettered' : 'in_flight';
}
