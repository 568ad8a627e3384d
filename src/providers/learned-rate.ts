/**
 * Finds a limit that the provider does not publish (Spotify: counted over rolling 30 seconds, no number): additive increase while
 * the budget is used up, multiplicative decrease when the provider refuses. All moments are milliseconds since the epoch.
 */
export type LearnedRate = {
  /** Where the configuration says to begin; another one begins anew. */
  readonly base: number;
  readonly perSecond: number;
  /** When it was last raised or lowered. */
  readonly movedAt: number;
  /** The last refusal: when, and at which rate. */
  readonly refused: { readonly at: number; readonly perSecond: number } | null;
};

/** Half of Spotify's window: a rate has shown its effect for a while before the next step. */
const STEP_MS = 15_000;
/** Until the first refusal, in shares of the base. */
const FIRST_STEPS = 0.1;
/** After a refusal, in shares of the rate that was refused: it takes some seven minutes to be back there. */
const LATER_STEPS = 0.005;
const DECREASE = 0.87;
/** Calls that are under way when the provider begins to refuse are refused together: that is one refusal. */
const EPISODE_MS = 10_000;
const LEAST_SHARE = 0.01;
const MOST_SHARE = 5;

export const beginRate = (base: number, now: number): LearnedRate => ({
  base,
  perSecond: base,
  movedAt: now,
  refused: null,
});

/** The rate after a refusal at `now`. */
export function refusedRate(rate: LearnedRate, now: number): LearnedRate {
  if (rate.refused !== null && now - rate.refused.at < EPISODE_MS) return rate;
  const perSecond = Math.max(rate.base * LEAST_SHARE, rate.perSecond * DECREASE);
  return { ...rate, perSecond, movedAt: now, refused: { at: now, perSecond: rate.perSecond } };
}

/** The rate after requests had to wait for slots until `now`, so that a higher one would have been used. */
export function usedRate(rate: LearnedRate, now: number): LearnedRate {
  if (now - rate.movedAt < STEP_MS) return rate;
  const step = rate.refused === null ? rate.base * FIRST_STEPS : rate.refused.perSecond * LATER_STEPS;
  return { ...rate, perSecond: Math.min(rate.base * MOST_SHARE, rate.perSecond + step), movedAt: now };
}

/** How often it is worth telling {@link usedRate}. */
export const USED_EVERY_MS = STEP_MS;
