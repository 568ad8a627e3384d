import { PHASES, type PhaseName } from '#track/phase.ts';
import { OPERATIONS_TOPIC, PIPELINE_TOPICS, TOPOLOGY } from '#track/topology.ts';

/**
 * What stands on a topic the projector reads. `reached` is how far along the chain a track is that stands there: 0 on `tracks.raw`
 * and what feeds the first phase again, 5 on `tracks.complete`.
 */
export type Source =
  | { readonly holds: 'raw' | 'event'; readonly reached: number }
  | { readonly holds: 'letters'; readonly phase: PhaseName; readonly reached: number };

/** The place of a track that is on `tracks.complete`. */
export const COMPLETE = PHASES.length;

const carrying = (reached: number): Source => ({ holds: reached === 0 ? 'raw' : 'event', reached });

const ofPhase = (phase: PhaseName, reached: number): [string, Source][] => [
  [TOPOLOGY[phase].replay, carrying(reached)],
  [TOPOLOGY[phase].dlq, { holds: 'letters', phase, reached }],
];

/** Every topic that tells of tracks: the six of the chain, the replay lanes and the dead letters of the five groups. */
export const SOURCES: ReadonlyMap<string, Source> = new Map([
  ...PIPELINE_TOPICS.map((topic, reached): [string, Source] => [topic, carrying(reached)]),
  ...PHASES.flatMap(ofPhase),
]);

/** Every topic the read model follows from. */
export const PROJECTED_TOPICS: readonly string[] = [...SOURCES.keys(), OPERATIONS_TOPIC];
