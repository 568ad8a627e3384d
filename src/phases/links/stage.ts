import { eventInput } from '#phases/shared/event-input.ts';
import { asItIs, PACE, type Pace, phaseStage } from '#phases/shared/phase-stage.ts';
import type { MusicBrainzClient } from '#providers/musicbrainz/client.ts';
import { ok } from '#stream/result.ts';
import type { Stage } from '#stream/stage.ts';
import type { TrackEvent } from '#track/event.ts';
import { enrich } from './enrich.ts';
import type { LinksRules } from './needs.ts';

export type LinksOptions = LinksRules & { readonly pace: Pace };

export const LINKS_DEFAULTS: LinksOptions = { pace: PACE, writers: 3 };

/**
 * The phase `links`: the recording and its works at MusicBrainz, and links of up to three writers.
 * @param client `null` when no contact is configured: what is known already is `known`, the rest `off`
 */
export function linksStage(
  client: MusicBrainzClient | null,
  options: Partial<LinksOptions> = {},
): Stage<TrackEvent, TrackEvent> {
  const { pace, ...rules } = { ...LINKS_DEFAULTS, ...options };
  return phaseStage({
    name: 'links',
    input: eventInput,
    pace,
    begin: ok,
    enrich: (event, asking) => enrich(client, event, rules, asking),
    finish: asItIs,
  });
}
