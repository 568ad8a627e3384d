const DAY = 86_400_000;
const WEEK = 7 * DAY;

/** Two measurements nearer to each other than this say more about rounding than about growth. */
export const LEAST_APART_MS = DAY;

/** A count and when it was measured, milliseconds since the epoch. */
export type Measured = { readonly count: number; readonly at: number };

/** What a count gains in a week. */
export type Growth = { readonly change: number; readonly percent: number | null };

/**
 * How a count grows, from two measurements, brought to a week whatever lies between them.
 * @returns `null` when they are less than a day apart; `percent` is `null` where the earlier count is 0
 */
export function weeklyGrowth(earlier: Measured, later: Measured): Growth | null {
  const apart = later.at - earlier.at;
  if (apart < LEAST_APART_MS) return null;
  const change = ((later.count - earlier.count) * WEEK) / apart;
  const percent = earlier.count === 0 ? null : (change / earlier.count) * 100;
  return { change: Math.round(change), percent: percent === null ? null : Math.round(percent * 100) / 100 };
}

type Part<Facts> = {
  readonly provider: string;
  readonly fetchedAt: number;
  readonly askedBy: string;
  readonly value: Facts;
};

/**
 * The measurement by which a new one is to be judged: the last one, once it is a day older; until then the one by which that was
 * judged. It is a part of its own, so an event that comes without the past takes none away.
 * @param last the measurement that the event came with
 * @param baseline the one by which `last` was judged
 * @param now when the new one was made
 */
export function baselineAfter<Facts>(
  last: Part<Facts> | null,
  baseline: Part<Facts> | null,
  now: { readonly fetchedAt: number } | null,
): Part<Facts> | null {
  return last !== null && now !== null && now.fetchedAt - last.fetchedAt >= LEAST_APART_MS ? last : baseline;
}
