import { z } from 'zod';
import { REJECT_REASONS, SKIP_REASONS } from './playlist-file.ts';

/** What an ingest says of itself, on the command line and over HTTP alike. */

const leftOut = <const Reason extends string>(reasons: Readonly<Record<Reason, string>>) =>
  z.object({
    row: z.int().describe('Row of the playlist, counted from 1.'),
    value: z.string().describe('What the row says, shortened.'),
    reason: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]).describe('Why it was left out.'),
  });

export const ingestedRun = z.object({
  runId: z.string().describe('The run: the same playlist snapshot always has the same one.'),
  playlist: z.object({ id: z.string(), name: z.string().nullable(), snapshotId: z.string() }),
  state: z
    .enum(['published', 'already_published', 'nothing_accepted'])
    .describe('already_published: the same snapshot was ingested before, and no event was written.'),
  accepted: z.int().describe('Distinct tracks, one event each.'),
  rows: z.int().describe('Rows of the playlist that were read.'),
  repeats: z.int().describe('Rows that name a track which stands in the playlist before; they become positions.'),
  skipped: z.array(leftOut(SKIP_REASONS)).describe('Rows that are no tracks.'),
  rejected: z
    .array(leftOut(REJECT_REASONS))
    .describe('Rows that should have been tracks but cannot be keyed, and withdrawn tracks.'),
  partial: z.boolean().describe('True when the playlist has more rows than were given.'),
});

export const ingestAnswer = z.object({
  format: z.string().describe('The format that was recognised.'),
  runs: z.array(ingestedRun).describe('One per playlist of the file.'),
});

export type IngestedRun = z.infer<typeof ingestedRun>;
export type IngestAnswer = z.infer<typeof ingestAnswer>;

/** Nothing was published because nothing could be, or the answer of what was. */
export type Ingested =
  | { readonly kind: 'answered'; readonly answer: IngestAnswer }
  | { readonly kind: 'nothing_accepted'; readonly answer: IngestAnswer }
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'too_large'; readonly message: string };
