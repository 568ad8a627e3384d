import { eventInput } from '#phases/shared/event-input.ts';
import { PACE, type Pace, phaseStage } from '#phases/shared/phase-stage.ts';
import type { ChartmetricClient } from '#providers/chartmetric/client.ts';
import { FRESHNESS } from '#providers/freshness.ts';
import { ok } from '#stream/result.ts';
import type { Stage } from '#stream/stage.ts';
import type { TrackEvent } from '#track/event.ts';
import { summaryOf } from '#track/resolve.ts';
import { enrich } from './enrich.ts';
import type { AnalyticsRules } from './needs.ts';

export type AnalyticsOptions = AnalyticsRules & { readonly pace: Pace };

export const ANALYTICS_DEFAULTS: AnalyticsOptions = {
  pace: PACE,
  statisticsFreshMs: FRESHNESS.chartmetricStatistics,
  profileFreshMs: FRESHNESS.chartmetricProfile,
};

/**
 * The phase `analytics`, the last one: Chartmetric's id, statistics and profile. Every event leaves it with the summary of what
 * all phases found, however this one ended.
 * @param client `null` when no refresh token is configured: what is known already is `known`, the rest `off`
 */
export function analyticsStage(
  client: ChartmetricClient | null,
  options: Partial<AnalyticsOptions> = {},
): Stage<TrackEvent, TrackEvent> {
  const { pace, ...rules } = { ...ANALYTICS_DEFAULTS, ...options };
  return phaseStage({
    name: 'analytics',
    input: eventInput,
    pace,
    begin: ok,
    enrich: (event, asking) => enrich(client, event, rules, asking),
    finish: (event) => ({ ...event, summary: summaryOf(event) }),
  });
}
