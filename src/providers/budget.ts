/** What an account may do: sustained calls a second, and how many at once after a silence. */
export type Budget = {
  readonly perSecond: number;
  readonly burst: number;
  /** The limit is not published: `perSecond` is where to begin, and refusals teach the rest. */
  readonly learns?: boolean;
};

/** How long after its slot a request may still leave. */
export const GRANT_LAPSES_MS = 250;
