import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#local/wait.ts';
import { hasJava, type LoneService, loneService } from '#test/support/lone-service.ts';
import { type Pipeline, playlistFile, startPipeline } from '#test/support/pipeline.ts';
import type { Child } from '#test/support/processes.ts';
import { seeded, someTrackIds } from '#test/support/random.ts';
import { type Verifier, verifierOf } from '#test/support/verify.ts';
import { within } from '#test/support/within.ts';

// kill -9 of the broker and of the registry under a running pipeline, and their return at the same place. What becomes of a
// worker is its own affair: it waits, or ends with 1 and is started again as its supervisor would. Postgres: trouble.test.ts.

const TRACKS = 150;

describe.runIf(await hasJava())('a pipeline', () => {
  let kafka: LoneService;
  let registry: LoneService;
  let pipeline: Pipeline;
  let verifier: Verifier;
  let worker: Child;

  beforeAll(async () => {
    [kafka, registry] = await Promise.all([loneService('kafka'), loneService('registry')]);
    const given = { KAFKA_BROKERS: kafka.address, SCHEMA_REGISTRY_URL: registry.address };
    pipeline = await startPipeline({ given, env: { CREDITS_SCRAPE: 'off' } });
    verifier = await verifierOf(pipeline);
    worker = await pipeline.run('all');
  });

  afterAll(async () => {
    await verifier?.close();
    await pipeline?.close();
    await Promise.all([kafka?.stop(), registry?.stop()]);
  });

  const file = (name: string, seed: number): string =>
    playlistFile(
      pipeline.folder,
      name,
      someTrackIds(TRACKS, seeded(seed)).map((track) => ({ track })),
    );

  const completeOf = async (runId: string): Promise<number> => {
    const { rows } = await pipeline.pool.query<{ complete: number }>('select complete from runs where run_id = $1', [
      runId,
    ]);
    return Number(rows[0]?.complete ?? 0);
  };

  /** Publishes a playlist and returns its run when the first of its tracks is complete: the rest is in hand. */
  async function inHand(name: string, seed: number): Promise<string> {
    const [answer] = await pipeline.ingest(file(name, seed));
    const runId = answer?.runs[0]?.runId ?? '';
    await within(
      async () => (await completeOf(runId)) > 0,
      60_000,
      () => `the first of ${name} to be complete\n${pipeline.lastWords()}`,
    );
    return runId;
  }

  /** Waits until the runs are finished; a worker that ended, which it may do with 1 only, is started again. */
  async function resumed(...runIds: readonly string[]): Promise<void> {
    const isThrough = async (): Promise<boolean> => {
      if (!worker.alive()) {
        expect(await worker.ended).toBe(1);
        worker = await pipeline.run('all');
      }
      return pipeline.finished(runIds, 1_000).then(
        () => true,
        () => false,
      );
    };
    await within(isThrough, 120_000, () => `the runs to finish\n${pipeline.lastWords()}`);
  }

  async function judge(...runIds: readonly string[]): Promise<void> {
    const { wrong, judged } = await verifier.verdict();
    expect(wrong).toEqual([]);
    for (const runId of runIds) {
      const own = judged.events.filter((event) => event.runId === runId);
      expect(new Set(own.map(({ trackId }) => trackId)).size).toBe(TRACKS);
    }
  }

  it('that loses its broker goes on where it stood when the broker is back, and nothing is half there', async () => {
    const runId = await inHand('lost-broker', 31);
    await kafka.kill();
    // Long enough that the loss is met by whatever was in hand.
    await until(() => !worker.alive(), 3_000);
    await kafka.startAgain();
    await resumed(runId);
    await judge(runId);
  });

  it('publishes nothing while there is no broker, says so, and publishes once when there is one', async () => {
    const playlist = file('no-broker', 32);
    await kafka.kill();
    const refused = await pipeline.command('ingest', '--json', playlist);
    expect([refused.exit, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('linernotes ingest: ');
    await kafka.startAgain();
    const answers = [...(await pipeline.ingest(playlist)), ...(await pipeline.ingest(playlist))];
    const runs = answers.flatMap((answer) => answer.runs);
    expect(runs.map(({ state }) => state)).toEqual(['published', 'already_published']);
    await resumed(runs[0]?.runId ?? '');
    await judge(runs[0]?.runId ?? '');
  });

  it('that loses its registry goes on, and one that starts without it waits or ends with 1', async () => {
    const runId = await inHand('lost-registry', 33);
    await registry.kill();
    const late = pipeline.start(['run', 'all']);
    await until(() => !late.alive(), 5_000);
    if (!late.alive()) expect(await late.ended).toBe(1);
    await registry.startAgain();
    await resumed(runId);
    if (late.alive()) await late.stop();
    await judge(runId);
  });
});
