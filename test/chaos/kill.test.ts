import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { descendants, isAlive, tabsBelow } from '#test/support/browser-processes.ts';
import { blowsOf, type Crew, type Extent, ingestUnder, startCrew } from '#test/support/nemesis.ts';
import { type Pipeline, playlistFile, startPipeline } from '#test/support/pipeline.ts';
import { seeded, someTrackIds } from '#test/support/random.ts';
import { chaosSeeds } from '#test/support/seeds.ts';
import { timeless } from '#test/support/timeless.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { byTrack, columnsOf, foldOf, trackRows } from '#test/support/verify-tracks.ts';
import { within } from '#test/support/within.ts';

// kill -9 of two processes at random moments, each started again at once; then everything is judged from the beginning
// of the log. `CHAOS_SEED=7 npm run chaos:kill` runs one seed again. Reading pages takes long, so the credits worker has no browser
// but in a test of its own, for one seed in ten.

const TRACKS = 60;
const SHARED = 10;
const PAGES = 12;

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

const pagesAsked = (): number => pipeline.sandbox.calls().providers['web-player']?.calls ?? 0;

const rowsOf = async (trackIds: readonly string[]): Promise<ReadonlyMap<string, unknown>> =>
  new Map((await trackRows(pipeline.pool, trackIds)).map((row) => [String(row['track_id']), row]));

/** Expects that these rows say what the events of these runs say, which nobody disturbed. */
async function expectTheSame(rows: ReadonlyMap<string, unknown>, runIds: readonly string[]): Promise<void> {
  const { wrong, judged } = await verifier.verdict();
  expect(wrong).toEqual([]);
  const calm = byTrack(judged.events.filter(({ runId }) => runIds.includes(runId)));
  expect(calm.size).toBe(rows.size);
  for (const [trackId, events] of calm)
    expect(timeless(rows.get(trackId)), trackId).toEqual(timeless(columnsOf(foldOf(events))));
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
    for (const [trackId, row] of await rowsOf(trackIds)) rowsAfterKills.set(trackId, row);
  });

  const withBrowser = chaosSeeds(process.env).filter((_, index) => index % 10 === 0);
  it.for(withBrowser)(
    'seed %i: no browser and no tab outlives its worker, and its pages are read again',
    async (seed) => {
      await crew.equip('credits', { CREDITS_SCRAPE: 'on' });
      onTestFinished(() => crew.equip('credits', { CREDITS_SCRAPE: 'off' }));
      const random = seeded(seed * 104_729);
      const ids = someTrackIds(PAGES, random);
      const playlist = (snapshot: string): string =>
        playlistFile(
          pipeline.folder,
          `pages-${seed}`,
          ids.map((track) => ({ track })),
          snapshot,
        );
      pipeline.sandbox.resetCalls();
      const runIds = (await pipeline.ingest(playlist('first'))).flatMap(({ runs }) => runs.map(({ runId }) => runId));
      const pages = 1 + Math.floor(random() * (PAGES - 1));
      const worker = crew.pid('credits');
      const isReading = () => pagesAsked() >= pages && tabsBelow(worker).length > 0;
      await within(isReading, 60_000, () => `page ${pages} to be read\n${pipeline.lastWords()}`);
      const browser = descendants(worker).map(({ pid }) => pid);
      await crew.killAndRestart('credits');
      await within(
        () => !browser.some(isAlive),
        10_000,
        () => `processes ${browser.filter(isAlive)} of the browser to end with their worker`,
      );
      await pipeline.finished(runIds);
      expect((await verifier.verdict()).wrong).toEqual([]);
      const rows = await rowsOf(ids);
      await expectTheSame(rows, await undisturbed([playlist('undisturbed')]));
    },
  );

  it('an undisturbed run of the same tracks says the same of each of them', async () => {
    const files = chaosSeeds(process.env).flatMap((seed) => playlists(seed, 'undisturbed'));
    await expectTheSame(rowsAfterKills, await undisturbed(files));
  });
});
