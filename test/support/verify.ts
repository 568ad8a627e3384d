import type { Pool } from 'pg';
import { type Judged, judgeOf } from './judged.ts';
import type { Pipeline } from './pipeline.ts';
import type { LoggedRecord } from './topic-log.ts';
import { wrongLatest } from './verify-latest.ts';
import { wrongRuns } from './verify-runs.ts';
import { repeatedIds, type StageCounts, stageAccounts, strayKeys } from './verify-stages.ts';
import { wrongTracks } from './verify-tracks.ts';
import { within } from './within.ts';

/** What an independent reader of log and database found. */
export type Verdict = {
  /** Everything that is not as the guarantees say, in sentences; none is right. */
  readonly wrong: readonly string[];
  /** By group: how the records it read ended. */
  readonly stages: Readonly<Record<string, StageCounts>>;
  readonly judged: Judged;
};

export type Verifier = {
  /** Waits until the projector has taken in all that stands on its topics, then judges everything since the beginning. */
  verdict(): Promise<Verdict>;
  /** How many events of a run stand on a topic, undecided ones of the moment left out. */
  written(topic: string, runId: string): Promise<number>;
  /** The last value of each key of `tracks.latest`; fails while a transaction there is undecided. */
  latest(): Promise<ReadonlyMap<string, unknown>>;
  close(): Promise<void>;
};

const CAUGHT_UP_MS = 60_000;
/** A page of sentences says enough; thousands do not say more. */
const MOST = 20;

/** Judges a pipeline at rest: nothing is being published, all that was published is worked through. */
export async function verifierOf({ services, pool, lastWords }: Pipeline): Promise<Verifier> {
  const judge = await judgeOf(services);
  return {
    async verdict() {
      const judged = await atRest(judge.judged, lastWords);
      await caughtUp(pool, judged, lastWords);
      const stages = await stageAccounts(judged);
      const wrong = [
        ...repeatedIds(judged),
        ...strayKeys(judged),
        ...stages.wrong,
        ...(await wrongRuns(pool, judged)),
        ...(await wrongTracks(pool, judged)),
        ...(await wrongLatest(pool, judge)),
      ];
      const told = wrong.length > MOST ? [...wrong.slice(0, MOST), `… and ${wrong.length - MOST} more`] : wrong;
      return { wrong: told, stages: stages.counts, judged };
    },
    written: judge.written,
    latest: judge.latest,
    close: judge.close,
  };
}

/** Reads the log once nothing in it is undecided: what a killed writer left open is, once its partition was taken over. */
async function atRest(read: () => Promise<Judged>, lastWords: () => string): Promise<Judged> {
  const seen: { judged: Judged | null; error: unknown } = { judged: null, error: null };
  const isRead = async (): Promise<boolean> => {
    try {
      seen.judged = await read();
      return true;
    } catch (error) {
      seen.error = error;
      return false;
    }
  };
  await within(isRead, CAUGHT_UP_MS, () => `a log at rest: ${seen.error}\n${lastWords()}`);
  if (seen.judged === null) throw new Error('The log was not read.');
  return seen.judged;
}

/** Waits until the checkpoints stand behind the last record of every topic that has a checkpoint or a record. */
async function caughtUp(pool: Pool, { events, letters }: Judged, lastWords: () => string): Promise<void> {
  const ends = new Map<string, number>();
  const records: readonly LoggedRecord[] = [...events, ...letters].map(({ record }) => record);
  for (const { topic, partition, offset } of records) {
    const key = `${topic}/${partition}`;
    ends.set(key, Math.max(ends.get(key) ?? 0, offset + 1));
  }
  const behind = async (): Promise<readonly string[]> => {
    const { rows } = await pool.query<{ key: string; next: number | null }>(
      `select topic || '/' || partition as key, next_offset as next from linernotes.checkpoints`,
    );
    const next = new Map(rows.map((row) => [row.key, row.next ?? 0]));
    return [...ends].flatMap(([key, end]) =>
      (next.get(key) ?? 0) < end ? [`${key} at ${next.get(key)} of ${end}`] : [],
    );
  };
  let waiting: readonly string[] = [];
  const done = async (): Promise<boolean> => {
    waiting = await behind();
    return waiting.length === 0;
  };
  await within(done, CAUGHT_UP_MS, () => `the projector: ${waiting.slice(0, 5).join(', ')}\n${lastWords()}`);
}
