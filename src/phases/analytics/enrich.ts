import { type Enriched, endingOf, KNOWN, OFF } from '#phases/shared/ending.ts';
import { superseding } from '#phases/shared/superseding.ts';
import type { Answer, Asking } from '#providers/answer.ts';
import type { ChartmetricClient } from '#providers/chartmetric/client.ts';
import type { FoundTrack } from '#providers/chartmetric/read.ts';
import type { TrackEvent } from '#track/event.ts';
import { baselineAfter } from '#track/growth.ts';
import { isrcOf } from '#track/identity.ts';
import { resolveIsrc } from '#track/resolve.ts';
import type { AnalyticsSection } from '#track/sections/analytics.ts';
import { needsOf } from './needs.ts';

/**
 * Without a client nobody is asked: what is there and fresh is `known`, the rest `off`. Else adds the Chartmetric id, asked by ISRC or, for a track that has none, by Spotify id, and what the track call says under it.
 */
export async function enrich(client: ChartmetricClient | null, event: TrackEvent, asking: Asking): Promise<Enriched> {
  const isrc = resolveIsrc(event);
  const askedBy = isrc === null ? `track:${event.trackId}` : `isrc:${isrc}`;
  const needs = needsOf(event, isrc, asking);
  const { sections } = event;
  if (needs.chartmetricId !== null && !needs.track) return { sections, ending: KNOWN };
  if (client === null) return { sections, ending: OFF };

  const id = needs.chartmetricId === null ? await askId(client, event.trackId, isrc, asking) : null;
  const withId = id === null ? sections.analytics : addIdentity(sections.analytics, id, askedBy);
  const chartmetricId = id?.kind === 'found' ? id.facts : needs.chartmetricId;
  const track = chartmetricId === null ? null : await client.track(chartmetricId, asking);
  const analytics = track === null ? withId : addTrack(withId, track, askedBy);
  return { sections: { ...sections, analytics }, ...endingOf([id, track]) };
}

const askId = (client: ChartmetricClient, trackId: string, isrc: string | null, asking: Asking) =>
  isrc === null ? client.idBySpotify(trackId, asking) : client.idByIsrc(isrcOf(isrc) ?? isrc, asking);

function addIdentity(section: AnalyticsSection, answer: Answer<number>, askedBy: string): AnalyticsSection {
  if (answer.kind !== 'found') return section;
  const { facts: chartmetricId, fetchedAt } = answer;
  const part = { provider: 'chartmetric', fetchedAt, askedBy, value: { chartmetricId } };
  return { ...section, identity: superseding(section.identity, part) };
}

function addTrack(section: AnalyticsSection, answer: Answer<FoundTrack>, askedBy: string): AnalyticsSection {
  if (answer.kind !== 'found') return section;
  const { facts, fetchedAt } = answer;
  const part = { provider: 'chartmetric', fetchedAt, askedBy };
  const { statistics, profile } = facts;
  const measured =
    statistics === null ? section.statistics : superseding(section.statistics, { ...part, value: statistics });
  return {
    ...section,
    statistics: measured,
    baseline: baselineAfter(streamsIn(section.statistics), section.baseline, measured),
    profile: superseding(section.profile, { ...part, value: profile }),
  };
}

/** The streams of a measurement, as the part by which a later one is judged. */
function streamsIn(statistics: AnalyticsSection['statistics']): AnalyticsSection['baseline'] {
  const streams = statistics?.value.streams ?? null;
  return statistics === null || streams === null ? null : { ...statistics, value: { streams } };
}
