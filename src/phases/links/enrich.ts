import { type Ending, type Enriched, KNOWN, OFF } from '#phases/shared/ending.ts';
import { superseding } from '#phases/shared/superseding.ts';
import type { Asking } from '#providers/answer.ts';
import type { MusicBrainzClient } from '#providers/musicbrainz/client.ts';
import { ok } from '#stream/result.ts';
import type { TrackEvent } from '#track/event.ts';
import { resolveIsrc } from '#track/resolve.ts';
import type { LinkedWriter } from '#track/sections/links.ts';
import type { Sections } from '#track/sections/sections.ts';
import { all } from './heard.ts';
import { type At, identify, linked } from './identify.ts';
import { recordingPart, writersOfWorks, writersPart } from './map.ts';
import { isNeeded, type LinksRules } from './needs.ts';
import { type Context, contextOf, contextOfTrack } from './recording.ts';
import { creditedWriters, type Wanted } from './writers.ts';

/** Reports of phases that name writers after which their silence says nothing. */
const MUTE: ReadonlySet<string | undefined> = new Set(['failed', 'not_yet', undefined]);

/**
 * Without a client nobody is asked: what is there and fresh is `known`, the rest `off`. Else
 * adds the recording with its works, asked by ISRC or, for a track that has none, by its Spotify link, and the writers with their links. Each part is written whole or not at all:
 * trouble on the way to the writers leaves the recording, and the writers as they were.
 */
export async function enrich(
  client: MusicBrainzClient | null,
  event: TrackEvent,
  rules: LinksRules,
  asking: Asking,
): Promise<Enriched> {
  const isrc = resolveIsrc(event);
  const wanted = creditedWriters(event, isrc, rules.writers);
  const { sections } = event;
  if (!isNeeded(event, isrc, wanted, rules, asking)) return { sections, ending: KNOWN };
  if (client === null) return { sections, ending: OFF };
  return lookUp({ client, event, isrc, wanted, rules, asking });
}

type Task = {
  readonly client: MusicBrainzClient;
  readonly event: TrackEvent;
  readonly isrc: string | null;
  readonly wanted: readonly Wanted[];
  readonly rules: LinksRules;
  readonly asking: Asking;
};

async function lookUp(task: Task): Promise<Enriched> {
  const { client, event, isrc, asking } = task;
  const askedBy = isrc === null ? `track:${event.trackId}` : `isrc:${isrc}`;
  const context = await (isrc === null
    ? contextOfTrack(client, event.trackId, asking)
    : contextOf(client, isrc, asking));
  if (!context.ok) return { sections: event.sections, failure: context.failure };
  const withRecording = addRecording(event, context.value, askedBy);
  const writers = await writersWithLinks(task, context.value);
  if (!writers.ok) return { sections: withRecording, failure: writers.failure };
  const sections = addWriters(withRecording, writers.value, askedBy);
  const isFound = sections !== event.sections;
  return { sections, ending: isFound ? { status: 'enriched', code: null } : nothing(task) };
}

async function writersWithLinks({ client, wanted, rules, asking }: Task, context: Context) {
  const identified =
    wanted.length > 0
      ? all(await Promise.all(wanted.map((one) => identify(client, one, context, asking))))
      : ok(writersOfWorks(context, rules.writers).map((writer) => ({ writer, at: context.at })));
  if (!identified.ok) return identified;
  return all(await Promise.all(identified.value.map((one) => linked(client, one, asking))));
}

function addRecording(event: TrackEvent, context: Context, askedBy: string): Sections {
  const { sections, raw } = event;
  const core = sections.spotify.core?.value;
  const known = { name: core?.name ?? raw.name, durationMs: core?.durationMs ?? raw.durationMs };
  const part = recordingPart(context, askedBy, known);
  if (part === null) return sections;
  return { ...sections, links: { ...sections.links, recording: superseding(sections.links.recording, part) } };
}

function addWriters(sections: Sections, writers: readonly At<LinkedWriter>[], askedBy: string): Sections {
  const part = writersPart(
    writers.map(({ writer }) => writer),
    Math.min(...writers.map(({ at }) => at)),
    askedBy,
  );
  if (part === null) return sections;
  return { ...sections, links: { ...sections.links, writers: superseding(sections.links.writers, part) } };
}

/**
 * Why there is nothing. "Not found" is said only when everything that could be asked was asked: without an ISRC the recording was
 * asked by its Spotify link alone, which few have, and while the phases that name writers are in trouble, the writers were not.
 */
function nothing({ event, isrc, wanted }: Task): Ending {
  if (isrc === null) return { status: 'not_yet', code: 'NEEDS_ISRC' };
  const { credits, publishing } = event.reports;
  const isMute = MUTE.has(credits?.status) || MUTE.has(publishing?.status);
  if (wanted.length === 0 && isMute) return { status: 'not_yet', code: 'NEEDS_WRITERS' };
  return { status: 'not_found', code: 'NO_MATCH' };
}
