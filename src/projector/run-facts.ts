/** What is said about a run beside its tracks. Registers that only grow, so the order of events does not matter. */
export type RunFacts = {
  readonly runId: string;
  /** Distinct tracks of the run, once somebody said how many. */
  readonly total: number | null;
  readonly playlistId: string | null;
  readonly playlistName: string | null;
  /** Broker times of its earliest and latest record, in milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
};

export const mergeRunFacts = (a: RunFacts, b: RunFacts): RunFacts => ({
  runId: a.runId,
  total: greatest(a.total, b.total),
  playlistId: greatest(a.playlistId, b.playlistId),
  playlistName: greatest(a.playlistName, b.playlistName),
  firstAt: Math.min(a.firstAt, b.firstAt),
  lastAt: Math.max(a.lastAt, b.lastAt),
});

function greatest<Value extends number | string>(a: Value | null, b: Value | null): Value | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
