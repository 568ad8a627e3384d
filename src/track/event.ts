import type { z } from 'zod';
import { isrcOf } from './identity.ts';
import { type Observation, observation, type RawTrack } from './raw.ts';
import { NO_REPORTS, reports } from './report.ts';
import { NO_SECTIONS, sections } from './sections/sections.ts';
import { as, maybe, record, text } from './shapes.ts';
import { summary } from './summary.ts';

/** The value of every pipeline topic after `tracks.raw`: one record about a track, carrying all that is known so far. */
export const trackEvent = record('TrackEvent', 'A track on its way through the phases.', {
  trackId: text('Spotify track id, 22 characters; also the key of the message.'),
  raw: as(observation, 'The raw part.'),
  sections: as(sections, 'What the phases know so far.'),
  reports: as(reports, 'How the phases ended so far.'),
  summary: maybe(summary, 'The effective values; set on tracks.complete alone.'),
});

export type TrackEvent = z.infer<typeof trackEvent>;

/**
 * Starts a track's way: the observation and the parts its producer knows already. What stands where the ISRC should and is none is
 * dropped; one in another spelling is brought to the canonical one, so that all keys and comparisons agree.
 */
export function eventOf(trackId: string, raw: RawTrack): TrackEvent {
  const { track: _, prior, ...observed } = raw;
  const kept: Observation = { ...observed, isrc: raw.isrc === null ? null : isrcOf(raw.isrc) };
  return { trackId, raw: kept, sections: prior ?? NO_SECTIONS, reports: NO_REPORTS, summary: null };
}
