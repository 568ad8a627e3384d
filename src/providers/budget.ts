/** What an account may do: sustained calls a second, and how many at once after a silence. */
export type Budget = {
  readonly perSecond: number;
  readonly burst: number;
  /** The limit is not published: `perSecond` is where to begin, and refusals teach the rest. */
  readonly learns?: boolean;
  /** What the provider counts, where it says: at most so many calls in any span of so many milliseconds. */
  readonly window?: { readonly calls: number; readonly ms: number };
};

/**
 * How long after its slot a request may still leave. The next one may be in time, so this is how much nearer to each other two calls
 * of different processes can come than their slots: with the slack of the budgets, less than 100 ms nearer than a window of one
 * second allows (docs/adr, "grants lapse").
 */
export const GRANT_LAPSES_MS = 130;

/**
 * What is counted in windows of a second is counted where calls arrive, and on the way they come nearer to each other: so much
 * longer than a second is taken for a second's calls. One call a second has no others to even it out.
 */
const SLACK_MS = { oneCall: 75, severalCalls: 40 };

/** The budget of a plan of so many calls in any second. */
export const evenly = (perSecond: number): Budget => {
  const slack = perSecond === 1 ? SLACK_MS.oneCall : SLACK_MS.severalCalls;
  return { perSecond: (perSecond * 1000) / (1000 + slack), burst: 1, window: { calls: perSecond, ms: 1_000 } };
};
