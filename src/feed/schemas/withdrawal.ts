import { z } from 'zod';

export const withdrawOrder = z.strictObject({
  reason: z.string().trim().min(1).max(2000).describe('Why, for the audit.'),
  by: z.string().trim().min(1).max(200).default('http').describe('Who.'),
  dryRun: z.boolean().default(false).describe('Tell what would be erased, and do nothing.'),
});

export const withdrawnTrack = z.object({
  trackId: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  reason: z.string().nullable(),
  erased: z.boolean().describe('False while the projector has not come to it yet.'),
});

export const withdrawalPlan = z.object({
  trackId: z.string(),
  name: z.string().nullable(),
  artists: z.array(z.string()),
  sightings: z.int().describe('Places in playlists.'),
  feedEntries: z.int().describe('Entries of the feed that carry its values.'),
  letters: z.int().describe('Dead letters whose message is erased, and which nobody sends any more.'),
  answers: z.record(z.string(), z.int()).describe('Answers in the ledger that are erased, by provider.'),
  shared: z
    .object({ answers: z.int(), tracks: z.int() })
    .describe('Answers about the recording that stay, because other tracks are the same recording.'),
  withdrawn: withdrawnTrack.nullable().describe('How it was withdrawn already.'),
});
