/** What an account may do: sustained calls a second, and how many at once after a silence. */
export type Budget = {
  readonly perSecond: number;
  readonly burst: number;
  /** The limit is not published: `perSecond` is where to begin, and refusals teach the rest. */
  readonly learns?: boolean;
};

/**
 * How long after its slot a request may still leave. The next one may be in time, so this is how much nearer to each other two calls
 * can come than their slots: with the slack of the budgets, less than 100 ms nearer than a window of one second allows.
 */
export const GRANT_LAPSES_MS = 150;
