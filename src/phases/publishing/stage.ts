import { type Ending, type Enriched, KNOWN, OFF } from '#phases/shared/ending.ts';
import { eventInput } from '#phases/shared/event-input.ts';
import { asItIs, type Pace, phaseStage } from '#phases/shared/phase-stage.ts';
import type { Asking } from '#providers/answer.ts';
import { freshnessOf, isFresh } from '#providers/freshness.ts';
import type { MlcClient } from '#providers/mlc/client.ts';
import { ok } from '#stream/result.ts';
import type { Stage } from '#stream/stage.ts';
import type { TrackEvent } from '#track/event.ts';
import { isrcOf } from '#track/identity.ts';
import { resolveIsrc } from '#track/resolve.ts';
import type { Wanted } from './choose.ts';
import { type Found, worksByIsrc, worksByTitle } from './find.ts';
import { type Learned, publishingSectionOf } from './map.ts';
import { knownWriters, sameNames } from './writers.ts';

const ENRICHED: Ending = { status: 'enriched', code: null };
const NO_MATCH: Ending = { status: 'not_found', code: 'NO_MATCH' };
const NEEDS_ISRC: Ending = { status: 'not_yet', code: 'NEEDS_ISRC' };
const NEEDS_WRITERS: Ending = { status: 'not_yet', code: 'NEEDS_WRITERS' };

/** What there is to ask with. */
type Keys = { readonly isrc: string | null; readonly askedBy: string; readonly wanted: Wanted };

function keysOf(event: TrackEvent): Keys {
  const given = resolveIsrc(event);
  const isrc = given === null ? null : isrcOf(given);
  return {
    isrc,
    askedBy: isrc === null ? `track:${event.trackId}` : `isrc:${given}`,
    wanted: {
      title: (event.sections.spotify.core?.value.name ?? event.raw.name ?? '').trim(),
      writers: knownWriters(event),
    },
  };
}

const canAskByTitle = ({ wanted: { title, writers } }: Keys): boolean => title !== '' && writers.length > 0;

/** Whether the status is there, fresh, and was asked by the key that the track has now. */
function isFreshStatus({ sections }: TrackEvent, askedBy: string, asking: Asking): boolean {
  const { now, notBefore } = asking;
  const { status } = sections.publishing;
  return (
    status !== null && status.askedBy === askedBy && isFresh(status.fetchedAt, freshnessOf(asking).mlc, now, notBefore)
  );
}

/**
 * Whether the status was judged with the writers that are known now. If not it is judged again: from the stored answers, as long as
 * these are fresh, so that it costs a call only where the writers make a new question.
 */
const isJudgedWith = ({ sections }: TrackEvent, { wanted: { writers } }: Keys): boolean =>
  sameNames(
    sections.publishing.status?.value.judgedWith ?? [],
    writers.map(({ name }) => name),
  );

/** Why nothing is claimed: what was asked by found nothing, and the rest could not be asked by. */
const lacking = ({ isrc, wanted }: Keys): Ending => {
  if (isrc === null) return NEEDS_ISRC;
  return wanted.writers.length === 0 ? NEEDS_WRITERS : NO_MATCH;
};

/**
 * Asks by ISRC, and by title and writers when that finds nothing. Only when both ways were answered with nothing is there an answer:
 * the status part says `unregistered`, with its evidence, and the report `not_found`. Trouble writes no part at all: an error
 * never becomes a status.
 */
async function enrich(client: MlcClient, event: TrackEvent, keys: Keys, asking: Asking): Promise<Enriched> {
  const { sections } = event;
  const { isrc, wanted, askedBy } = keys;
  const { provider } = client;
  const learned = (what: Omit<Learned, 'provider'>, ending: Ending): Enriched => ({
    sections: { ...sections, publishing: publishingSectionOf(event, wanted, askedBy, { ...what, provider }) },
    ending,
  });

  const nothing: Found = { works: [], at: Number.POSITIVE_INFINITY };
  const byIsrc = isrc === null ? ok(nothing) : await worksByIsrc(client, isrc, asking);
  if (!byIsrc.ok) return { sections, failure: byIsrc.failure };
  if (byIsrc.value.works.length > 0) return learned({ ...byIsrc.value, way: 'isrc' }, ENRICHED);

  if (!canAskByTitle(keys)) return { sections, ending: lacking(keys) };
  const byTitle = await worksByTitle(client, wanted, asking);
  if (!byTitle.ok) return { sections, failure: byTitle.failure };
  const { works } = byTitle.value;
  if (works.length === 0 && isrc === null) return { sections, ending: NEEDS_ISRC };
  const at = Math.min(byIsrc.value.at, byTitle.value.at);
  return learned({ works, at, way: 'title' }, works.length > 0 ? ENRICHED : NO_MATCH);
}

/**
 * The third phase: the registered work, its writers and publishers, and the publisher status, from The MLC. With neither an ISRC
 * nor a title with writers nobody is asked and nothing is claimed.
 * @param client `null` when The MLC is not configured
 */
export const publishingStage = (client: MlcClient | null, pace: Pace): Stage<TrackEvent, TrackEvent> =>
  phaseStage<TrackEvent>({
    name: 'publishing',
    input: eventInput,
    pace,
    begin: (event) => ({ ok: true, value: event }),
    enrich: (event, asking) => {
      const { sections } = event;
      const keys = keysOf(event);
      const isFresh = isFreshStatus(event, keys.askedBy, asking);
      if (isFresh && (client === null || isJudgedWith(event, keys))) return { sections, ending: KNOWN };
      if (client === null) return { sections, ending: OFF };
      if (keys.isrc === null && !canAskByTitle(keys)) return { sections, ending: NEEDS_ISRC };
      return enrich(client, event, keys, asking);
    },
    finish: asItIs,
  });
