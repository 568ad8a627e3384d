import type { TrackEvent } from './event.ts';
import { NOTHING_SEEN } from './raw.ts';
import { NO_SECTIONS } from './sections/sections.ts';

/** The event of a track that nothing may be known of: where it was seen and how its phases ended, and not what it is. */
export const withoutFacts = (event: TrackEvent): TrackEvent => ({
  ...event,
  raw: { ...event.raw, ...NOTHING_SEEN },
  sections: NO_SECTIONS,
  summary: null,
});
