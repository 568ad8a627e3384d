import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blowsOf, type Crew, type Extent, ingestUnder, startCrew } from '#test/support/nemesis.ts';
import { type Pipeline, playlistFile, startPipeline } from '#test/support/pipeline.ts';
import { seeded, someTrackIds } from '#test/support/random.ts';
import { chaosSeeds } from '#test/support/seeds.ts';
import { timeless } from '#test/support/timeless.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { byTrack, columnsOf, foldOf, trackRows } from '#test/support/verify-tracks.ts';

// kill -9 of two processes at random moments, each started again at once; then everything is judged from the beginning
// of the log. `CHAOS_SEED=7 npm run chaos:kill` runs one seed again.

const TRACKS = 60;
const SHARED = 10;

let pipeline: Pipeline;
let verifier: Verifier;
let crew: Crew;
let extent: Extent;
const rowsAfterKills = new Map<string, unknown>();

/** Two playlists of tracks that belong to this seed alone; some stand in both. */
function playlists(seed: number, snapshot: string): readonly string[] {
  const ids = someTrackIds(TRACKS, seeded(seed * 7919)).map((track) => ({ track }));
  const middle = TRACKS / 2;
  return [
    playlistFile(pipeline.folder, `seed-${seed}-a`, ids.slice(0, middle + SHARED), snapshot),
    playlistFile(pipeline.folder, `seed-${seed}-b`, ids.slice(middle), snapshot),
  ];
}

beforeAll(async () => {
  pipeline = await startPipeline({ env: { CREDITS_SCRAPE: 'off' } });
  verifier = await verifierOf(pipeline);
  crew = await startCrew(pipeline);
  await undisturbed(playlists(0, 'first'));
  const before = await crew.written();
  const began = performance.now();
  const files = playlists(0, 'second');
  await pipeline.ingest(...files);
  const publishingMs = performance.now() - began;
  await undisturbed(files);
  extent = { publishingMs, records: (await crew.written()) - before };
});

async function undisturbed(files: readonly string[]): Promise<readonly string[]> {
  const runIds = (await pipeline.ingest(...files)).flatMap(({ runs }) => runs.map(({ runId }) => runId));
  await pipeline.finished(runIds);
  return runIds;
}

afterAll(async () => {
  await crew?.close();
  await verifier?.close();
  await pipeline?.close();
});

describe('regression: kill mid-phase: kill -9 of any process at any moment, and a restart', () => {
  it.for(chaosSeeds(process.env))('seed %i: nothing is lost, doubled or wrong', async (seed) => {
    const blows = blowsOf(seeded(seed));
    const runIds = await ingestUnder(blows, playlists(seed, 'first'), extent, { pipeline, crew });
    await pipeline.finished(runIds);
    const { wrong, judged } = await verifier.verdict();
    expect(wrong, JSON.stringify(blows)).toEqual([]);

    const own = judged.events.filter(({ runId }) => runIds.includes(runId));
    const trackIds = [...new Set(own.map(({ trackId }) => trackId))];
    expect(trackIds).toHaveLength(TRACKS);
    for (const row of await trackRows(pipeline.pool, trackIds)) rowsAfterKills.set(String(row['track_id']), row);
  });

  it('an undisturbed run of the same tracks says the same of each of them', async () => {
    const files = chaosSeeds(process.env).flatMap((seed) => playlists(seed, 'undisturbed'));
    const runIds = await undisturbed(files);
    const { wrong, judged } = await verifier.verdict();
    expect(wrong).toEqual([]);

    const calm = byTrack(judged.events.filter(({ runId }) => runIds.includes(runId)));
    expect(calm.size).toBe(rowsAfterKills.size);
    for (const [trackId, events] of calm)
      expect(timeless(rowsAfterKills.get(trackId)), trackId).toEqual(timeless(columnsOf(foldOf(events))));
  });
});
