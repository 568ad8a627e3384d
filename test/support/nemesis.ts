import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { until } from '#local/wait.ts';
import { CHAIN } from './judged.ts';
import type { Pipeline } from './pipeline.ts';
import type { Child } from './processes.ts';
import { oneOf } from './random.ts';

const WORKERS = ['spotify', 'credits', 'publishing', 'links', 'analytics', 'projector'] as const;
type CrewWorker = (typeof WORKERS)[number];

/** Every process that takes part in a run; `ingest` is the one that publishes the playlists. */
const VICTIMS = ['ingest', ...WORKERS] as const;

/** Who is killed, and when: after which share of the ingest's life, or of all the records that the run writes. */
export type Blow = { readonly victim: (typeof VICTIMS)[number]; readonly after: number };

/** Two blows to different processes, at random moments. */
export function blowsOf(random: () => number): readonly Blow[] {
  const first = oneOf(VICTIMS, random);
  const second = oneOf(
    VICTIMS.filter((victim) => victim !== first),
    random,
  );
  return [first, second].map((victim) => ({ victim, after: Math.round(random() * 100) / 100 }));
}

type Equipment = Readonly<Record<string, string>>;

/** The workers of a pipeline, each in a process of its own. */
export type Crew = {
  /** `kill -9`, and a new one at once. */
  killAndRestart(worker: CrewWorker): Promise<void>;
  /** Ends a worker in order and starts it with this added to its environment, now and whenever it is started again. */
  equip(worker: CrewWorker, env: Equipment): Promise<void>;
  pid(worker: CrewWorker): number;
  /** Records on the chain of topics, those of open transactions included. */
  written(): Promise<number>;
  close(): Promise<void>;
};

/** Starts one process for each worker. */
export async function startCrew(pipeline: Pipeline): Promise<Crew> {
  const crew = new Map<CrewWorker, Child>();
  const equipment = new Map<CrewWorker, Equipment>();
  const start = async (worker: CrewWorker): Promise<void> => {
    crew.set(worker, await pipeline.run(worker, equipment.get(worker)));
  };
  await Promise.all(WORKERS.map(start));
  const brokers = [...pipeline.services.kafkaBrokers];
  const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  return {
    async killAndRestart(worker) {
      await crew.get(worker)?.kill();
      await start(worker);
    },
    async equip(worker, env) {
      await crew.get(worker)?.stop();
      equipment.set(worker, env);
      await start(worker);
    },
    pid: (worker) => crew.get(worker)?.pid ?? -1,
    async written() {
      const ends = await Promise.all(CHAIN.map((topic) => admin.fetchTopicOffsets(topic)));
      return ends.flat().reduce((sum, { high }) => sum + Number(high), 0);
    },
    close: () => admin.disconnect(),
  };
}

/** How much a run is when nobody disturbs it. */
export type Extent = { readonly publishingMs: number; readonly records: number };

/** No blow waits longer: another one may have stopped the pipeline before its moment comes. */
const LATEST_MS = 6_000;

/**
 * Ingests the files while the blows fall.
 * @returns the runs, when all that was killed is up again and the files are published
 */
export async function ingestUnder(
  blows: readonly Blow[],
  files: readonly string[],
  extent: Extent,
  { pipeline, crew }: { readonly pipeline: Pipeline; readonly crew: Crew },
): Promise<readonly string[]> {
  const before = await crew.written();
  const publishing = pipeline.start(['ingest', '--json', ...files]);
  const fall = async ({ victim, after }: Blow): Promise<void> => {
    if (victim === 'ingest') {
      // Its first half is the start of Node, where nothing can go wrong yet.
      await pause((0.5 + after / 2) * extent.publishingMs);
      return publishing.kill();
    }
    await publishing.ended;
    await until(async () => (await crew.written()) - before >= after * extent.records, LATEST_MS, 5);
    await crew.killAndRestart(victim);
  };
  // Who published is asked again, killed or not: the answer must be the same runs, and no second event.
  const again = async (): Promise<readonly string[]> => {
    await publishing.ended;
    const answers = await pipeline.ingest(...files);
    return answers.flatMap(({ runs }) => runs.map(({ runId }) => runId));
  };
  const [runIds] = await Promise.all([again(), ...blows.map(fall)]);
  return runIds;
}
