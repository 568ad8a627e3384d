import { superseding } from '#phases/shared/superseding.ts';
import type { WorkFacts } from '#providers/mlc/facts.ts';
import type { TrackEvent } from '#track/event.ts';
import type { Part } from '#track/sections/part.ts';
import type { PublishingSection } from '#track/sections/publishing.ts';
import { knownWriters, ranked } from './choose.ts';
import { publisherStatusOf } from './publisher-status.ts';

/**
 * The section with the best of these works and the publisher status that follows from it.
 * @param works all works matched to the ISRC; none: the provider answered that there is no such work
 * @param fetchedAt when the provider answered for the ISRC
 */
export function publishingSectionOf(
  event: TrackEvent,
  isrc: string,
  works: readonly WorkFacts[],
  fetchedAt: number,
): PublishingSection {
  const { publishing } = event.sections;
  const part = <Facts>(value: Facts): Part<Facts> => ({ provider: 'mlc', fetchedAt, askedBy: `isrc:${isrc}`, value });
  const [work = null, ...others] = ranked(event, works);
  const status = publisherStatusOf({ work, writers: knownWriters(event), disputed: false });
  const otherSongCodes = others.map(({ songCode }) => songCode);
  return {
    work: work === null ? publishing.work : superseding(publishing.work, part({ ...work, otherSongCodes })),
    status: superseding(publishing.status, part(status)),
  };
}
