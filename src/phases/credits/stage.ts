import { type Ending, type Enriched, endingOf, KNOWN, OFF } from '#phases/shared/ending.ts';
import { eventInput } from '#phases/shared/event-input.ts';
import { asItIs, type Pace, phaseStage } from '#phases/shared/phase-stage.ts';
import type { Asking } from '#providers/answer.ts';
import type { WebPlayerClient } from '#providers/web-player/client.ts';
import { classOf } from '#stream/failure.ts';
import { ok } from '#stream/result.ts';
import type { Stage } from '#stream/stage.ts';
import type { TrackEvent } from '#track/event.ts';
import { type CreditsAnswers, creditsSectionOf } from './map.ts';
import { type CreditsNeeds, needsOf } from './needs.ts';

/** A page is worth seconds: the results of a few are committed at once, and a kill costs no more than those. */
const MOST_PAGES = 4;

const NO_CREDITS: Ending = { status: 'not_found', code: 'NO_CREDITS' };

/** Only a page that was read to its end and not understood may have told the count all the same. */
const mayHaveCount = ({ credits }: CreditsAnswers): boolean =>
  credits === null ||
  credits.kind === 'found' ||
  (credits.kind === 'failed' && classOf(credits.failure.code) === 'drift');

/** The credits first: their visit leaves the count where the second question finds it without another one. */
async function ask(
  client: WebPlayerClient,
  trackId: string,
  needs: CreditsNeeds,
  asking: Asking,
): Promise<CreditsAnswers> {
  const credits = needs.credits ? await client.credits(trackId, asking) : null;
  const asked = { credits, streams: null };
  return needs.streams && mayHaveCount(asked) ? { credits, streams: await client.streams(trackId, asking) } : asked;
}

async function enrich(client: WebPlayerClient, event: TrackEvent, asking: Asking): Promise<Enriched> {
  const needs = needsOf(event, asking);
  if (needs === null) return { sections: event.sections, ending: KNOWN };
  const answers = await ask(client, event.trackId, needs, asking);
  const sections = { ...event.sections, credits: creditsSectionOf(event, answers) };
  const { credits, streams } = answers;
  const ended = endingOf([credits, streams]);
  const isNobody = credits?.kind === 'found' && credits.facts.people.contributors.length === 0;
  return { sections, ...('ending' in ended && isNobody ? { ending: NO_CREDITS } : ended) };
}

/**
 * The second phase: writers, composers, producers and performers, label source and stream count, from pages of the web player.
 * @param client `null` when reading pages is not turned on: what is known already is `known`, the rest `off`
 */
export const creditsStage = (client: WebPlayerClient | null, pace: Pace): Stage<TrackEvent, TrackEvent> =>
  phaseStage<TrackEvent>({
    name: 'credits',
    input: eventInput,
    pace,
    ...(client === null ? {} : { dear: { most: MOST_PAGES, is: (event, moment) => needsOf(event, moment) !== null } }),
    begin: ok,
    enrich: (event, asking) => {
      if (client !== null) return enrich(client, event, asking);
      return { sections: event.sections, ending: needsOf(event, asking) === null ? KNOWN : OFF };
    },
    finish: asItIs,
  });
