import type { Asking } from '#providers/answer.ts';
import { freshnessOf, isFresh } from '#providers/freshness.ts';
import { usable } from '#track/conflict.ts';
import type { TrackEvent } from '#track/event.ts';

/** What must be asked: the id when it is not known, the track when statistics or profile are missing or old. */
export type Needs = { readonly chartmetricId: number | null; readonly track: boolean };

/**
 * @param isrc the resolved ISRC; parts that were asked under another one do not count
 * @param age the batch's clock, and the moment before which nothing counts (a forced replay)
 */
export function needsOf(
  { trackId, sections: { analytics } }: TrackEvent,
  isrc: string | null,
  age: Pick<Asking, 'now' | 'notBefore' | 'freshness'>,
): Needs {
  const { now, notBefore } = age;
  const freshness = freshnessOf(age);
  const counts = (part: { askedBy: string; fetchedAt: number } | null, maxAgeMs: number): boolean => {
    const own = usable(part, trackId, isrc);
    return own !== null && isFresh(own.fetchedAt, maxAgeMs, now, notBefore);
  };
  const { identity, statistics, profile } = analytics;
  return {
    chartmetricId: counts(identity, freshness.chartmetricIds) ? (identity?.value.chartmetricId ?? null) : null,
    track: !counts(statistics, freshness.chartmetricStatistics) || !counts(profile, freshness.chartmetricProfile),
  };
}
