import DataLoader from 'dataloader';
import type { Answer, Lookup } from '#providers/answer.ts';
import type { MlcClient } from '#providers/mlc/client.ts';
import type { SongQuestion } from '#providers/mlc/song-question.ts';
import { failure } from '#stream/failure.ts';
import { ipiKey } from '#track/names.ts';
import { plainKey, wordKeys } from './keys.ts';
import type { BulkSnapshot, BulkStore } from './store.ts';
import { bulkWorkFacts } from './work.ts';

const MOST_KEYS = 500;

const LOADING: Answer<never> = {
  kind: 'failed',
  failure: failure('PROVIDER_DOWN', 'No bulk feed of The MLC is loaded yet'),
};

/** Nothing is asked of anybody: answers are as old as the feed they stand in. */
const answerOf = <Facts>(facts: Facts | null, { loadedAt: fetchedAt }: BulkSnapshot): Answer<Facts> =>
  facts === null ? { kind: 'not_found', fetchedAt } : { kind: 'found', facts, fetchedAt };

/**
 * The MLC from a bulk feed that is in the database: the same lookups as over its API, without calls and without a limit. As long as
 * no feed is in, its answer is trouble of the provider, so that the stage waits.
 */
export function bulkMlcClient(store: BulkStore): MlcClient {
  /** Looks keys up, all that are asked in one go together. */
  const batched = <Facts>(find: (keys: readonly string[]) => Promise<ReadonlyMap<string, Facts>>) => {
    const loader = new DataLoader<string, Answer<Facts>>(
      async (keys) => {
        const live = await store.live();
        if (live === null) return keys.map(() => LOADING);
        const found = await find([...new Set(keys)]);
        return keys.map((key) => answerOf(found.get(key) ?? null, live));
      },
      { cache: false, maxBatchSize: MOST_KEYS },
    );
    const lookup: Lookup<string, Facts> = (key) => loader.load(key);
    return lookup;
  };

  const worksOf = async (codes: readonly string[]) =>
    new Map((await store.works(codes)).map((work) => [work.id, bulkWorkFacts(work)]));

  const songsOf = async ({ title, writers }: SongQuestion) => {
    const codes = await store.codesByTitle({
      title: plainKey(title),
      names: [...new Set(writers.flatMap(({ name }) => [...wordKeys(name), plainKey(name)]))],
      ipis: writers.flatMap(({ ipi }) => (ipi === null ? [] : (ipiKey(ipi) ?? []))),
    });
    const works = [...(await worksOf(codes)).values()];
    return works.map(({ songCode, title: workTitle, writers: team }) => ({
      songCode,
      title: workTitle,
      writers: team,
    }));
  };

  return {
    provider: 'mlc-bulk',
    recordings: batched(
      async (isrcs) => new Map([...(await store.codesByIsrc(isrcs))].map(([isrc, songCodes]) => [isrc, { songCodes }])),
    ),
    works: batched(worksOf),
    songs: async (question) => {
      const live = await store.live();
      if (live === null) return LOADING;
      const songs = await songsOf(question);
      return answerOf(songs.length === 0 ? null : { songs }, live);
    },
  };
}
