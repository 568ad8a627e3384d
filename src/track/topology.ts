import { PHASES, type PhaseName } from './phase.ts';

/** Where one phase stands in the chain: its consumer group and the names of all topics it touches. */
export type PhaseTopics = {
  readonly group: string;
  /** The live input. */
  readonly from: string;
  readonly to: string;
  /** The second input, served after the live one. */
  readonly replay: string;
  /** Where outputs of the replay lane go: the next group's replay lane, or `to` after the last phase. */
  readonly toReplay: string;
  /** Dead letters of this group. */
  readonly dlq: string;
};

/** The six pipeline topics in the order of the chain: what a phase reads stands before what it writes. */
export const PIPELINE_TOPICS = [
  'tracks.raw',
  'tracks.spotify-enriched',
  'tracks.credited',
  'tracks.publishing-checked',
  'tracks.linked',
  'tracks.complete',
] as const;

export type PipelineTopic = (typeof PIPELINE_TOPICS)[number];

/** Every name of one phase follows from its own name, the topics before and after it and the phase that follows. */
const between = (phase: PhaseName, from: PipelineTopic, to: PipelineTopic): PhaseTopics => {
  const next = PHASES[PHASES.indexOf(phase) + 1];
  const group = `tracks.${phase}`;
  return {
    group,
    from,
    to,
    replay: `${group}.replay`,
    toReplay: next === undefined ? to : `tracks.${next}.replay`,
    dlq: `${group}.dlq`,
  };
};

/** The whole chain: phase to group and topics. The only place where these names are written. */
export const TOPOLOGY: Readonly<Record<PhaseName, PhaseTopics>> = {
  spotify: between('spotify', 'tracks.raw', 'tracks.spotify-enriched'),
  credits: between('credits', 'tracks.spotify-enriched', 'tracks.credited'),
  publishing: between('publishing', 'tracks.credited', 'tracks.publishing-checked'),
  links: between('links', 'tracks.publishing-checked', 'tracks.linked'),
  analytics: between('analytics', 'tracks.linked', 'tracks.complete'),
};

/** The group of the read model; its `.dlq` is nobody's input. */
export const PROJECTOR_GROUP = 'tracks.projector';

/** Compacted: the newest state of each track, for readers who begin without history. Nobody of ours reads it. */
export const LATEST_TOPIC = 'tracks.latest';

/** The log of all that is done to the pipeline: redrives, replays, withdrawals, resumes. */
export const OPERATIONS_TOPIC = 'linernotes.operations';
