import { z } from 'zod';

export const playlistSummary = z.object({
  playlistId: z.string(),
  name: z.string().nullable(),
  url: z.string().nullable(),
  curator: z.string().nullable(),
  isEditorial: z.boolean().nullable(),
  snapshotId: z.string().nullable().describe('The snapshot that was observed last.'),
  observedAt: z.iso.datetime().nullable(),
  tracks: z.int().describe('Tracks of that snapshot.'),
});
