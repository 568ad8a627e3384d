import { z } from 'zod';
import { type PhaseName, phaseName } from '#track/phase.ts';
import { selection } from './selection.ts';

/** What a replay is told to do; it stands in the operation that starts it, and never changes. */
export const replayOrder = z.object({
  selection,
  /** Into whose replay lane; `spotify` is from the start. */
  phase: phaseName,
  /** Phases that run even where their facts are fresh: what was fetched before the replay's start does not count for them. */
  force: z.array(phaseName),
  /** Most tracks a second; `null`: as fast as they are worked. */
  rate: z.number().positive().nullable(),
});

export type ReplayOrder = z.infer<typeof replayOrder>;

/** The phases that a replay into this one runs through. */
export const phasesFrom = (phase: PhaseName, all: readonly PhaseName[]): readonly PhaseName[] =>
  all.slice(all.indexOf(phase));
