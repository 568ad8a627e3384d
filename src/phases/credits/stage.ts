import { OFF } from '#phases/shared/ending.ts';
import { asItIs, type Pace, phaseStage } from '#phases/shared/phase-stage.ts';
import { ok } from '#stream/result.ts';
import type { Stage } from '#stream/stage.ts';
import { type TrackEvent, trackEvent } from '#track/event.ts';

/** The second phase: credits and stream count. Off until its client is there. */
export const creditsStage = (_client: null, pace: Pace): Stage<TrackEvent, TrackEvent> =>
  phaseStage<TrackEvent>({
    name: 'credits',
    input: trackEvent,
    pace,
    begin: ok,
    enrich: ({ sections }) => ({ sections, ending: OFF }),
    finish: asItIs,
  });
