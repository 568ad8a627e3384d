import { superseding } from '#phases/shared/superseding.ts';
import type { Answer } from '#providers/answer.ts';
import type { CreditsFacts, StreamsFacts } from '#providers/web-player/facts.ts';
import type { TrackEvent } from '#track/event.ts';
import { baselineAfter } from '#track/growth.ts';
import type { CreditsSection } from '#track/sections/credits.ts';
import type { Part } from '#track/sections/part.ts';

/** What was asked for one event and answered; `null` was not asked. */
export type CreditsAnswers = {
  readonly credits: Answer<CreditsFacts> | null;
  readonly streams: Answer<StreamsFacts> | null;
};

/** The part as it is after the answer: as it was where the answer has nothing for it. */
function partAfter<Facts, Value>(
  before: Part<Value> | null,
  answer: Answer<Facts> | null,
  trackId: string,
  read: (facts: Facts) => Value | null,
): Part<Value> | null {
  if (answer?.kind !== 'found') return before;
  const value = read(answer.facts);
  if (value === null) return before;
  return superseding(before, {
    provider: 'web-player',
    fetchedAt: answer.fetchedAt,
    askedBy: `track:${trackId}`,
    value,
  });
}

/**
 * The section with what was found. Each part stands for itself: a page with a stream count and no credits writes the one and
 * leaves the other as it was.
 */
export function creditsSectionOf(
  { trackId, sections }: TrackEvent,
  { credits, streams }: CreditsAnswers,
): CreditsSection {
  const before = sections.credits;
  const after = partAfter(before.streams, streams, trackId, ({ playCount }) =>
    playCount === null ? null : { playCount },
  );
  return {
    people: partAfter(before.people, credits, trackId, ({ people }) =>
      people.contributors.length > 0 ? people : null,
    ),
    source: partAfter(before.source, credits, trackId, ({ source }) => (source.names.length > 0 ? source : null)),
    streams: after,
    baseline: baselineAfter(before.streams, before.baseline, after),
  };
}
