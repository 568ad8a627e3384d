/**
 * The most that any span of time got more than its budget, in calls: a span may hold a burst and the calls that are due in it.
 * @param moments when requests might leave, in milliseconds, in any order
 * @param toleranceMs how much nearer to each other two grants may be seen than they were given
 */
export function overBudget(
  moments: readonly number[],
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
  toleranceMs: number,
): number {
  const at = moments.toSorted((one, other) => one - other);
  let worst = 0;
  for (const [first, start] of at.entries())
    for (let last = first; last < at.length; last += 1) {
      const span = (at[last] ?? start) - start + toleranceMs;
      worst = Math.max(worst, last - first + 1 - (burst + (span * perSecond) / 1000));
    }
  return worst;
}
