import { type Ending, type Enriched, endingOf, KNOWN, OFF } from '#phases/shared/ending.ts';
import { asItIs, type Pace, phaseStage } from '#phases/shared/phase-stage.ts';
import type { Asking } from '#providers/answer.ts';
import { FRESHNESS, isFresh } from '#providers/freshness.ts';
import type { MlcClient } from '#providers/mlc/client.ts';
import type { Stage } from '#stream/stage.ts';
import { type TrackEvent, trackEvent } from '#track/event.ts';
import { isrcOf } from '#track/identity.ts';
import { resolveIsrc } from '#track/resolve.ts';
import { publishingSectionOf } from './map.ts';

const NEEDS_ISRC: Ending = { status: 'not_yet', code: 'NEEDS_ISRC' };

/** Whether the status is there, fresh, and was asked by the ISRC that the track has now. */
function isKnown({ sections }: TrackEvent, isrc: string | null, { now, notBefore }: Asking): boolean {
  const { status } = sections.publishing;
  return (
    status !== null && status.askedBy === `isrc:${isrc}` && isFresh(status.fetchedAt, FRESHNESS.mlc, now, notBefore)
  );
}

/**
 * Asks by ISRC, then for the works. "No such recording" is an answer: the status part says `unregistered`, with its evidence,
 * and the report `not_found`. Trouble writes no part at all: an error never becomes a status.
 */
async function enrich(client: MlcClient, event: TrackEvent, isrc: string, asking: Asking): Promise<Enriched> {
  const recordings = await client.recordings(isrcOf(isrc) ?? isrc, asking);
  if (recordings.kind === 'failed') return { sections: event.sections, failure: recordings.failure };
  const songCodes = recordings.kind === 'found' ? recordings.facts.songCodes : [];
  const answers = await Promise.all(songCodes.map((code) => client.works(code, asking)));
  const ended = endingOf(answers);
  if ('failure' in ended) return { sections: event.sections, failure: ended.failure };
  const works = answers.flatMap((answer) => (answer.kind === 'found' ? [answer.facts] : []));
  const publishing = publishingSectionOf(event, isrc, works, recordings.fetchedAt);
  const ending: Ending =
    works.length > 0 ? { status: 'enriched', code: null } : { status: 'not_found', code: 'NO_MATCH' };
  return { sections: { ...event.sections, publishing }, ending };
}

/**
 * The third phase: the registered work, its writers and publishers, and the publisher status, from The MLC. It asks by ISRC;
 * without one nobody is asked and nothing is claimed.
 * @param client `null` when The MLC is not configured
 */
export const publishingStage = (client: MlcClient | null, pace: Pace): Stage<TrackEvent, TrackEvent> =>
  phaseStage<TrackEvent>({
    name: 'publishing',
    input: trackEvent,
    pace,
    begin: (event) => ({ ok: true, value: event }),
    enrich: (event, asking) => {
      const { sections } = event;
      const isrc = resolveIsrc(event);
      if (isKnown(event, isrc, asking)) return { sections, ending: KNOWN };
      if (client === null) return { sections, ending: OFF };
      if (isrc === null || isrcOf(isrc) === null) return { sections, ending: NEEDS_ISRC };
      return enrich(client, event, isrc, asking);
    },
    finish: asItIs,
  });
