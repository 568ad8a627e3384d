import type { Pool } from 'pg';
import type { Reads } from '#feed/ports.ts';
import { letterReads } from './letters.ts';
import { operationReads } from './operations.ts';
import { readPlaylists } from './playlists.ts';
import { readRun, readRuns } from './runs.ts';
import { readStanding } from './standing.ts';
import { readTotals } from './totals.ts';
import { readTrack } from './track.ts';
import { readTracks } from './tracks.ts';

/** Questions to the live read model, by its public views, so that a swap is seen by the next question. */
export const postgresReads = (pool: Pool): Reads => ({
  tracks: (query) => readTracks(pool, query),
  track: (trackId) => readTrack(pool, trackId),
  runs: (query) => readRuns(pool, query),
  run: (runId) => readRun(pool, runId),
  playlists: (query) => readPlaylists(pool, query),
  totals: () => readTotals(pool),
  standing: () => readStanding(pool),
  ...letterReads(pool),
  ...operationReads(pool),
});
