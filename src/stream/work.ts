import type { Bypass } from './bypass.ts';
import type { Halt } from './halt.ts';
import type { Gate } from './lanes.ts';
import type { Lane } from './message.ts';
import type { Pause } from './pause.ts';
import type { Stage } from './stage.ts';
import type { StagePorts } from './stage-ports.ts';
import type { Tally } from './tally.ts';

/** A stage at work in this process: its declaration, its world, and what its partitions share. */
export type Work<In, Out> = {
  readonly stage: Stage<In, Out>;
  readonly ports: StagePorts;
  readonly pause: Pause;
  readonly bypass: Bypass;
  readonly halt: Halt;
  readonly gate: Gate;
  readonly tally: Tally;
};

/** Where a batch is worked. */
export type Place = { readonly lane: Lane; readonly signal: AbortSignal };

export const replayLaneOf = (group: string): string => `${group}.replay`;
