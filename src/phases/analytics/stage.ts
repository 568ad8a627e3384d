import { eventInput } from '#phases/shared/event-input.ts';
import { PACE, type Pace, phaseStage } from '#phases/shared/phase-stage.ts';
import type { ChartmetricClient } from '#providers/chartmetric/client.ts';
import { ok } from '#stream/result.ts';
import type { Stage } from '#stream/stage.ts';
import type { TrackEvent } from '#track/event.ts';
import { summaryOf } from '#track/resolve.ts';
import { enrich } from './enrich.ts';

/**
 * The phase `analytics`, the last one: Chartmetric's id, statistics and profile. Every event leaves it with the summary of what
 * all phases found, however this one ended.
 * @param client `null` when no refresh token is configured: what is known already is `known`, the rest `off`
 */
export function analyticsStage(
  client: ChartmetricClient | null,
  { pace = PACE }: { readonly pace?: Pace } = {},
): Stage<TrackEvent, TrackEvent> {
  return phaseStage({
    name: 'analytics',
    input: eventInput,
    pace,
    begin: ok,
    enrich: (event, asking) => enrich(client, event, asking),
    finish: (event) => ({ ...event, summary: summaryOf(event) }),
  });
}
