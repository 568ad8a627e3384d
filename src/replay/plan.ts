import { z } from 'zod';
import { phaseName } from '#track/phase.ts';

const seconds = z
  .object({
    alone: z.number().describe('If nobody else asks.'),
    beside: z.number().describe('If live traffic takes all that it may.'),
  })
  .describe('How long it takes, in seconds.');

export const replayPlanProvider = z.object({
  provider: z.string().describe('The provider; its account has one budget.'),
  calls: z.int().describe('Calls, every one filled to the provider’s maximum.'),
  keys: z.int().describe('Distinct things that are asked for.'),
  known: z.int().describe('Questions that the ledger answers: free.'),
  perSecond: z.number().describe('The budget today: as configured, or as learned.'),
  seconds,
});

/** What a replay would cost, told before it starts. */
export const replayPlan = z.object({
  selection: z.string().describe('The selection in words.'),
  phase: phaseName.describe('Into whose replay lane.'),
  force: z.array(phaseName).describe('Phases that run even where their facts are fresh.'),
  tracks: z.int().describe('Tracks that are sent.'),
  providers: z.array(replayPlanProvider),
  pages: z.int().describe('Pages of the web player that are read for credits and stream counts.'),
  seconds,
});

export type ReplayPlanProvider = z.infer<typeof replayPlanProvider>;
export type ReplayPlan = z.infer<typeof replayPlan>;
