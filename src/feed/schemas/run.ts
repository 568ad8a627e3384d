import { z } from 'zod';
import { PHASES } from '#track/phase.ts';

const counts = z.record(z.string(), z.int()).describe('`arrived`, and how the phase ended for how many.');

export const phaseCounts = z.object(Object.fromEntries(PHASES.map((phase) => [phase, counts])));

/** A run: accepted = complete + inFlight + deadLettered, always. */
export const runItem = z.object({
  runId: z.string(),
  playlistId: z.string().nullable(),
  playlistName: z.string().nullable(),
  total: z.int().nullable().describe('Distinct tracks, once its producer said how many.'),
  accepted: z.int().describe('Distinct tracks seen so far.'),
  complete: z.int(),
  inFlight: z.int(),
  deadLettered: z.int().describe('Dead-lettered without a forward.'),
  degraded: z.int().describe('Tracks for which a phase gave up, wherever they stand.'),
  letters: z.int().describe('Dead letters, those of degraded tracks included.'),
  finished: z.boolean(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  phases: phaseCounts,
});
