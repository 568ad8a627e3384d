import { z } from 'zod';
import { PHASES } from '#track/phase.ts';
import { phaseCounts } from './run.ts';

const mode = z.enum(['real', 'sandbox', 'off']);

export const statusAnswer = z.object({
  cursor: z.int().describe('Newest cursor of the feed; lists read after this answer hold everything up to it.'),
  sandbox: z.boolean().describe('True when any phase is answered by a stand-in: its data is made up.'),
  providers: z.object(Object.fromEntries(PHASES.map((phase) => [phase, mode]))),
  tracks: z.object({ complete: z.int(), in_flight: z.int(), dead_lettered: z.int(), degraded: z.int() }),
  runs: z.object({ open: z.int(), finished: z.int() }),
  phases: phaseCounts,
  stages: z
    .array(
      z.object({
        stage: z.string(),
        state: z.enum(['paused', 'bypassed', 'halted']),
        reason: z.string(),
        since: z.string(),
      }),
    )
    .describe('Stages that wait for their provider, send events past it, or take nothing until they are resumed.'),
});
