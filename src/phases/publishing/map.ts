import { superseding } from '#phases/shared/superseding.ts';
import type { WorkFacts } from '#providers/mlc/facts.ts';
import type { TrackEvent } from '#track/event.ts';
import type { Part } from '#track/sections/part.ts';
import type { PublishingSection } from '#track/sections/publishing.ts';
import { doubtsOf, ranked, type Wanted } from './choose.ts';
import { publisherStatusOf } from './publisher-status.ts';

/** The way on which the works were found; their absence is told of both ways. */
export type Way = 'isrc' | 'title';

/** What The MLC answered. */
export type Learned = {
  /** All works that match; none: it answered both ways of asking, and there is no such work. */
  readonly works: readonly WorkFacts[];
  readonly way: Way;
  /** When the oldest of its answers was given. */
  readonly at: number;
  readonly provider: string;
};

const WAYS: Readonly<Record<Way, string>> = {
  isrc: 'Found by the ISRC.',
  title: 'Found by title and writers: no recording of this ISRC is matched to a work.',
};

const registered = ({ akas: _, disputed: __, ...work }: WorkFacts, others: readonly WorkFacts[]) => ({
  ...work,
  otherSongCodes: others.map(({ songCode }) => songCode),
});

/**
 * The section with the best of these works and the publisher status that follows from it. Both parts bear one moment, so that they
 * stay together wherever they are merged. When there is no work, the one of an earlier answer stays as it was, and the status
 * `unregistered` says that it does not count (`#track/registered-work.ts`).
 */
export function publishingSectionOf(
  event: TrackEvent,
  wanted: Wanted,
  askedBy: string,
  { works, way, at, provider }: Learned,
): PublishingSection {
  const { publishing } = event.sections;
  const part = <Facts>(value: Facts): Part<Facts> => ({ provider, fetchedAt: at, askedBy, value });
  const [best = null, ...others] = ranked(wanted, works);
  const doubts = way === 'title' && best !== null ? doubtsOf(wanted, [best, ...others]) : [];
  const decided = publisherStatusOf({ work: best, writers: wanted.writers, doubts, disputed: best?.disputed ?? false });
  const evidence = best === null ? decided.evidence : [WAYS[way], ...decided.evidence];
  const status = superseding(publishing.status, part({ ...decided, evidence }));
  if (best === null) return { work: publishing.work, status };
  const work = superseding(publishing.work, part(registered(best, others)));
  const fetchedAt = Math.max(work.fetchedAt, status.fetchedAt);
  return { work: { ...work, fetchedAt }, status: { ...status, fetchedAt } };
}
