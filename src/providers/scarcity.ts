/** From so many calls a second on, a call is cheaper than a wait for company. */
const SCARCE_PER_SECOND = 10;

/**
 * How much of a wait for company pays, as a share of it: all where the budget holds its askers up, less the more calls there are.
 * @param perSecond the account's budget
 */
export const scarcityOf = (perSecond: number): number => Math.min(1, SCARCE_PER_SECOND / perSecond);
