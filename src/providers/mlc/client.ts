import type { Lookup } from '#providers/answer.ts';
import { CALL_DEFAULTS, caller } from '#providers/call.ts';
import { freshnessOf } from '#providers/freshness.ts';
import { type HttpAnswer, refusalOf } from '#providers/http.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { type Failure, failure } from '#stream/failure.ts';
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

/**
 * How long a work waits for others while more recordings are asked for: a moment for few, for many (a backlog) until the call is full.
 * Each process gathers its own, and of many each gets a part of the account's calls, so that takes long. It holds up nobody: events
 * of a batch go on together, and the recordings that are waited for are theirs.
 */
const WORKS_WAIT_MS = { few: 3_000, many: 30_000 };
const MANY_ISRCS = 10;

/** So long after recordings were last asked for beside each other, more works may come: a short pause of the account ends no wait. */
const WORKS_FOLLOW_MS = 2_000;

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
  const { scarcity = 1 } = config;
  let isrcsUnderway = 0;
  let moreUntil = Number.NEGATIVE_INFINITY;
  const noteMany = (): void => {
    if (isrcsUnderway > 1) moreUntil = performance.now() + WORKS_FOLLOW_MS * scarcity;
  };
  const isMoreToCome = (waitedMs: number): boolean =>
    performance.now() < moreUntil && (isrcsUnderway >= MANY_ISRCS || waitedMs < WORKS_WAIT_MS.few * scarcity);
  const oneByOne = { maxBatch: 1, lingerMs: { live: 0, replay: 0 } };
  const songs = loader(
    {
      ...common,
      ...oneByOne,
      kind: 'songs',
      wire: wireSongs,
      read: songsFacts,
      fetchBatch: (keys, scope) => Promise.all(keys.map((key) => fetchSongs(call, key, scope))),
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
        fetchBatch: async (isrcs, scope) => {
          isrcsUnderway += 1;
          noteMany();
          try {
            return await Promise.all(isrcs.map((isrc) => fetchRecordings(call, isrc, scope)));
          } finally {
            noteMany();
            isrcsUnderway -= 1;
          }
        },
      },
      ports,
    ),
    works: loader(
      {
        ...common,
        kind: 'work',
        maxBatch: MOST_WORKS,
        // Recordings come one by one, as slow as the account is, and each brings a work or two.
        lingerMs: {
          live: { idleMs: config.lingerMs.live, busyMs: WORKS_WAIT_MS.many * scarcity, isBusy: isMoreToCome },
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
