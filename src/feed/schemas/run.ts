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
  cancelled: z
    .object({ at: z.iso.datetime(), by: z.string(), reason: z.string().nullable() })
    .nullable()
    .describe('When, by whom and why; its events go on, and nobody is asked for them any more.'),
});

const providerCalls = z.object({
  provider: z.string(),
  questions: z.int().describe('Questions of its tracks.'),
  fromLedger: z.int().describe('Questions that the ledger answered.'),
  calls: z.int().describe('Calls that were made for it; one that several runs wanted counts for each.'),
});

/** A run with what was asked for it. */
export const runDetail = runItem.extend({ calls: z.array(providerCalls) });

export const cancelOrder = z.strictObject({
  reason: z.string().trim().min(1).max(500).describe('Why, for the audit.'),
  by: z.string().trim().min(1).max(200).default('http').describe('Who.'),
});
