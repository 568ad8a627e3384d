import { setTimeout as pause } from 'node:timers/promises';
import type { WorkerName } from '#app/workers.ts';
import type { Pipeline } from './pipeline.ts';
import type { Child } from './processes.ts';
import { oneOf } from './random.ts';

/** Every process that takes part in a run; `ingest` is the one that publishes the playlists. */
export const VICTIMS = [
  'ingest',
  'spotify',
  'credits',
  'publishing',
  'links',
  'analytics',
  'projector',
] as const satisfies readonly (WorkerName | 'ingest')[];
export type Victim = (typeof VICTIMS)[number];

/** Who is killed and when, in milliseconds since the ingest began. */
export type Blow = { readonly victim: Victim; readonly atMs: number };

/** How long things take when nobody disturbs them, in milliseconds since the ingest began. */
export type Timing = { readonly publishedMs: number; readonly finishedMs: number };

/**
 * Two different victims at random moments. The publishing process is hit while it lives, a worker from just before the first event
 * is published until the run would be finished.
 */
export function blowsOf(random: () => number, { publishedMs, finishedMs }: Timing): readonly Blow[] {
  const first = oneOf(VICTIMS, random);
  const second = oneOf(
    VICTIMS.filter((victim) => victim !== first),
    random,
  );
  const from = publishedMs * 0.8;
  return [first, second].map((victim) => ({
    victim,
    atMs: Math.round(victim === 'ingest' ? random() * publishedMs : from + random() * (finishedMs - from)),
  }));
}

export const WORKERS = VICTIMS.filter((victim) => victim !== 'ingest');

/** The workers of a pipeline, each in a process of its own. */
export type Crew = {
  /** `kill -9`, and a new one at once. */
  killAndRestart(worker: WorkerName): Promise<void>;
};

/** Starts one process for each worker. */
export async function startCrew(pipeline: Pipeline): Promise<Crew> {
  const crew = new Map<WorkerName, Child>();
  await Promise.all(
    WORKERS.map(async (worker) => {
      crew.set(worker, await pipeline.run(worker));
    }),
  );
  return {
    async killAndRestart(worker) {
      await crew.get(worker)?.kill();
      crew.set(worker, await pipeline.run(worker));
    },
  };
}

/** Ingests the files while the blows fall; resolves when all that was killed is up again and the files are published. */
export async function ingestUnder(
  blows: readonly Blow[],
  files: readonly string[],
  pipeline: Pipeline,
  crew: Crew,
): Promise<readonly string[]> {
  const publishing = pipeline.start(['ingest', '--json', ...files]);
  await Promise.all(
    blows.map(async ({ victim, atMs }) => {
      await pause(atMs);
      await (victim === 'ingest' ? publishing.kill() : crew.killAndRestart(victim));
    }),
  );
  await publishing.ended;
  // Whoever killed it asks again; whoever did not, too: the answer must be the same.
  const answers = await pipeline.ingest(...files);
  return answers.flatMap(({ runs }) => runs.map(({ runId }) => runId));
}
