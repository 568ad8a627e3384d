import { type Freshness, freshnessOf, isFresh } from '#providers/freshness.ts';
import { usable } from '#track/conflict.ts';
import type { TrackEvent } from '#track/event.ts';

/** What has to be asked for one event. The source comes with the people: both are in one dialog. */
export type CreditsNeeds = { readonly credits: boolean; readonly streams: boolean };

type Moment = { readonly now: number; readonly notBefore: number | null; readonly freshness?: Freshness };

/** @returns `null` when people and stream count are there and fresh, and no page has to be read */
export function needsOf({ trackId, sections }: TrackEvent, moment: Moment): CreditsNeeds | null {
  const { now, notBefore } = moment;
  const freshness = freshnessOf(moment);
  const { people, streams } = sections.credits;
  const lacks = (part: { fetchedAt: number; askedBy: string } | null, maxAgeMs: number): boolean => {
    const kept = usable(part, trackId, null);
    return kept === null || !isFresh(kept.fetchedAt, maxAgeMs, now, notBefore);
  };
  const needs = { credits: lacks(people, freshness.credits), streams: lacks(streams, freshness.streams) };
  return needs.credits || needs.streams ? needs : null;
}
