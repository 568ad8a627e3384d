import { z } from 'zod';
import { PHASES, type PhaseName, phaseName } from '#track/phase.ts';
import { TOPOLOGY } from '#track/topology.ts';
import { MOST_IDS, REPLAYABLE } from './selection.ts';

/** A replay as people ask for it, on the command line and over HTTP alike: one source, and where it goes. */
export const replayRequest = z.strictObject({
  tracks: z.array(z.string()).min(1).max(MOST_IDS).optional().describe('Track ids, URIs or links.'),
  playlist: z.string().optional().describe('Playlist id: the tracks of its current snapshot.'),
  run: z.string().optional().describe('Run id, or the id of an earlier replay.'),
  where: z.string().max(10_000).optional().describe('A condition on columns of tracks; docs/conditions.md has them.'),
  topic: z.enum(REPLAYABLE).optional().describe('A topic; with since, until or offsets a part of it.'),
  since: z.string().optional().describe('Of the topic: from this moment, or an age such as 24h.'),
  until: z.string().optional().describe('Of the topic: before this moment, or an age.'),
  offsets: z.string().optional().describe('Of the topic: `0:100-200,3:0-`, partition and offsets, the end left out.'),
  phase: phaseName
    .optional()
    .describe('Into whose replay lane; else where the topic is read, or the first forced phase, or the first.'),
  force: z
    .union([z.array(phaseName).min(1), z.literal(true)])
    .optional()
    .describe('Phases that run even if fresh; `true`: the phase itself.'),
  rate: z.number().positive().optional().describe('Most tracks a second.'),
});

export type ReplayRequest = z.infer<typeof replayRequest>;

const SOURCES = ['tracks', 'playlist', 'run', 'where', 'topic'] as const;
const OF_A_TOPIC = ['since', 'until', 'offsets'] as const;

type Lane = { readonly phase: PhaseName; readonly force: PhaseName[] };

/** What is wrong with a request as it stands, whatever there is to replay; `null` when nothing is. */
export function faultOf(request: ReplayRequest): string | null {
  const sources = SOURCES.filter((source) => request[source] !== undefined);
  if (sources.length !== 1) {
    const given = sources.length === 0 ? 'none is named' : `${sources.join(' and ')} are named`;
    return `A replay has one source: tracks, playlist, run, where or topic; ${given}.`;
  }
  const stray = OF_A_TOPIC.find((part) => request[part] !== undefined && request.topic === undefined);
  if (stray !== undefined) return `${stray} narrows a topic, and the source is ${sources[0]}.`;
  if (request.offsets !== undefined && (request.since ?? request.until) !== undefined) {
    return 'Narrow the topic by offsets or by since and until, not by both.';
  }
  const { phase, force } = laneOf(request);
  const before = force.find((one) => PHASES.indexOf(one) < PHASES.indexOf(phase));
  return before === undefined
    ? null
    : `A replay into ${phase} never comes to ${before}, so it cannot force it: name ${before} as the phase, or none.`;
}

/** Into which lane a request goes and what it forces. */
export function laneOf({ topic, phase, force }: ReplayRequest): Lane {
  const forced = force === undefined || force === true ? [] : force;
  const earliest = PHASES.find((one) => forced.includes(one));
  const own = phase ?? earliest ?? readerOf(topic) ?? PHASES[0];
  return { phase: own, force: force === true ? [own] : PHASES.filter((one) => forced.includes(one)) };
}

/** The phase that reads a topic, on either lane; nobody reads what is complete. */
const readerOf = (topic: string | undefined): PhaseName | undefined =>
  PHASES.find((phase) => TOPOLOGY[phase].from === topic || TOPOLOGY[phase].replay === topic);
