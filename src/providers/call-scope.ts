/** On whose behalf a call is made. The signal ends the wait for a slot; a call that has left is never cut. */
export type CallScope = {
  readonly lane: 'live' | 'replay';
  readonly signal: AbortSignal;
  /** The runs for which the call is made, when it is made. */
  readonly runs?: () => readonly string[];
};

/** A call that was made, whatever came of it. */
export type MadeCall = {
  readonly account: string;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** HTTP status, or the code of what went wrong on the way. */
  readonly status: number | string;
  readonly ms: number;
  readonly lane: 'live' | 'replay';
  readonly runs: readonly string[];
};
