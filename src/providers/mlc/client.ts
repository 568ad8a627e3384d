import type { Lookup } from '#providers/answer.ts';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { freshnessOf } from '#providers/freshness.ts';
import { type HttpAnswer, refusalOf } from '#providers/http.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { type Failure, failure } from '#stream/failure.ts';
import { companyOf } from './company.ts';
import {
  type RecordingsFacts,
  recordingsFacts,
  type SongsFacts,
  songsFacts,
  type WorkFacts,
  workFacts,
} from './facts.ts';
import { fetchRecordings, fetchSongs, fetchWorks } from './fetch.ts';
import { type SongQuestion, songKey } from './song-question.ts';
import { type MlcCredentials, mlcToken } from './token.ts';
import { wireRecordings, wireSongs, wireWork } from './wire.ts';

export type MlcClient = {
  /** Whose word it is: the API, or a bulk feed. */
  readonly provider: 'mlc' | 'mlc-bulk';
  /** By ISRC, 12 characters. */
  readonly recordings: Lookup<string, RecordingsFacts>;
  /** By MLC song code. */
  readonly works: Lookup<string, WorkFacts>;
  /** By title and writers. What it lists has something in common with the question: it is no match yet. */
  readonly songs: Lookup<SongQuestion, SongsFacts>;
};

export type MlcConfig = MlcCredentials & {
  readonly lingerMs: { readonly live: number; readonly replay: number };
  /** How much of a wait for company pays (`scarcityOf`); all of it when absent. */
  readonly scarcity?: number;
};

/** The governor's budget of this provider. */
export const MLC_ACCOUNT = 'mlc';

/** No maximum is documented; 50 is known to work. */
const MOST_WORKS = 50;

/** 403 is about the account, never about the song: nobody gets through until it is mended. */
const refusal = (answer: HttpAnswer, what: string, now: number): Failure | null =>
  answer.status === 403 ? failure('UNAUTHORIZED', `${what} answered 403`) : refusalOf(answer, what, now);

/** The MLC's Public Search API: recordings one ISRC a call, songs one question a call, works up to 50 song codes a call. */
export function mlcClient(config: MlcConfig, ports: ProviderPorts): MlcClient {
  const token = mlcToken(config, ports.http, ports.now);
  const call = caller({ ...CALL_DEFAULTS, origin: config.apiUrl, account: MLC_ACCOUNT, token, refusal }, ports);
  const freshness = freshnessOf(ports);
  const freshnessMs = { found: freshness.mlc, empty: freshness.mlc };
  const common = { provider: 'mlc', freshnessMs, profile: () => 'search' };
  const company = companyOf(config.scarcity ?? 1);
  const oneByOne = { maxBatch: 1, lingerMs: { live: 0, replay: 0 } };
  const songs = loader(
    {
      ...common,
      ...oneByOne,
      kind: 'songs',
      wire: wireSongs,
      read: songsFacts,
      fetchBatch: (keys, scope) => company.asking(() => Promise.all(keys.map((key) => fetchSongs(call, key, scope)))),
    },
    ports,
  );
  return {
    provider: 'mlc',
    recordings: loader(
      {
        ...common,
        ...oneByOne,
        kind: 'recordings',
        wire: wireRecordings,
        read: recordingsFacts,
        presumed: (isrc) => [{ isrc, mlcsongCode: isrc }],
        fetchBatch: (isrcs, scope) =>
          company.asking(() => Promise.all(isrcs.map((isrc) => fetchRecordings(call, isrc, scope)))),
      },
      ports,
    ),
    works: loader(
      {
        ...common,
        kind: 'work',
        maxBatch: MOST_WORKS,
        lingerMs: {
          live: { idleMs: config.lingerMs.live, busyMs: company.longestMs, isBusy: company.isToCome },
          replay: config.lingerMs.replay,
        },
        wire: wireWork,
        expects: ['iswc', 'akas'],
        read: workFacts,
        fetchBatch: (codes, scope) => fetchWorks(call, codes, scope),
      },
      ports,
    ),
    songs: (question, asking) => songs(songKey(question), asking),
  };
}
