import { usable } from './conflict.ts';
import type { PublishingSection } from './sections/publishing.ts';

/**
 * The registered work, as long as it counts. Parts are registers: a later answer can replace a work but not take it away. So the
 * status, which every answer writes, decides: while it says `unregistered`, a work of an earlier answer is kept and not used.
 * @param isrc the resolved ISRC; parts that were asked under another are not used
 */
export function registeredWork(
  { work, status }: PublishingSection,
  trackId: string,
  isrc: string | null,
): PublishingSection['work'] {
  const isTakenBack = usable(status, trackId, isrc)?.value.status === 'unregistered';
  return isTakenBack ? null : usable(work, trackId, isrc);
}
