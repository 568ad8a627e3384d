import type { z } from 'zod';
import type { Answer, Lookup } from '#providers/answer.ts';
import { CALL_DEFAULTS, type Call, caller } from '#providers/call.ts';
import { freshnessOf } from '#providers/freshness.ts';
import type { HttpAnswer } from '#providers/http.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import { perSecondOf } from '#providers/rate-headers.ts';
import type { Fetched, Source } from '#providers/source.ts';
import { tokenSource } from '#providers/token.ts';
import { failure } from '#stream/failure.ts';
import { type FoundTrack, idOf, trackOf } from './read.ts';
import { isUnknownRoute, refusalOfChartmetric } from './refusal.ts';
import { tokenFetcher } from './token.ts';
import { idsAnswer, trackAnswer } from './wire.ts';

export type ChartmetricConfig = {
  /** Origin of the API: `https://api.chartmetric.com`. */
  readonly apiUrl: string;
  readonly refreshToken: string;
  readonly timeoutMs?: number;
  /** How long an answer of the track call counts; ids count for ever. */
  readonly trackFreshnessMs?: number;
};

/** Everything that is asked of Chartmetric. There are no batches: one key is one call. */
export type ChartmetricClient = {
  /** The Chartmetric track id by ISRC. */
  readonly idByIsrc: Lookup<string, number>;
  /** The Chartmetric track id by Spotify track id. */
  readonly idBySpotify: Lookup<string, number>;
  /** Statistics and profile by Chartmetric track id. */
  readonly track: Lookup<number, FoundTrack>;
};

type Kind<Wire, Facts> = Pick<Source<Wire, Facts>, 'kind' | 'freshnessMs' | 'read' | 'presumed' | 'expects'> & {
  readonly wire: z.ZodType<Wire>;
  readonly pathOf: (key: string) => string;
};

/** The loader's source over one GET a key. What counts stands under `obj`; an empty list there means that nothing is known. */
const single = <Wire, Facts>(kind: Kind<Wire, Facts>, call: Call): Source<Wire, Facts> => ({
  provider: 'chartmetric',
  ...kind,
  maxBatch: 1,
  lingerMs: { live: 0, replay: 0 },
  profile: () => 'plan',
  fetchBatch: (keys, scope) =>
    Promise.all(
      keys.map(async (key): Promise<Fetched> => {
        const answer = await call(
          { method: 'GET', path: kind.pathOf(encodeURIComponent(key)), body: null, endpoint: kind.pathOf('{id}') },
          scope,
        );
        if (!answer.ok) return { kind: 'failed', failure: answer.failure };
        return fetchedOf(answer.value, kind.kind);
      }),
    ),
});

function fetchedOf(answer: HttpAnswer, kind: string): Fetched {
  const { status, json } = answer;
  if (status === 404) return { kind: 'not_found' };
  if (status === 403 || isUnknownRoute(answer)) return { kind: 'not_offered' };
  if (status >= 300) return { kind: 'failed', failure: failure('BAD_REQUEST', `chartmetric ${kind}: ${status}`) };
  const body = typeof json === 'object' && json !== null && 'obj' in json ? json.obj : undefined;
  return Array.isArray(body) && body.length === 0 ? { kind: 'not_found' } : { kind: 'found', body };
}

/** An answer that lists recordings but no id of any is "no such thing" to us. */
const known = (lookup: Lookup<string, number | null>): Lookup<string, number> =>
  async function idByKey(key, asking): Promise<Answer<number>> {
    const answer = await lookup(key, asking);
    if (answer.kind !== 'found') return answer;
    const { facts, fetchedAt } = answer;
    return facts === null ? { kind: 'not_found', fetchedAt } : { kind: 'found', facts, fetchedAt };
  };

/**
 * Makes a client. All calls, those for tokens too, take slots of the governor's account `chartmetric`.
 * Only `get-ids` and `track/{id}` are called: every plan has them, and together they hold every field.
 */
export function chartmetricClient(config: ChartmetricConfig, ports: ProviderPorts): ChartmetricClient {
  const options = {
    ...CALL_DEFAULTS,
    origin: config.apiUrl,
    account: 'chartmetric',
    tokenRefused: (answer: HttpAnswer) => answer.status === 401 && !isUnknownRoute(answer),
    refusal: refusalOfChartmetric,
    silentPauseMs: 5_000,
    toldPerSecond: ({ headers }: HttpAnswer) => perSecondOf(headers['x-ratelimit-limit']),
    timeoutMs: config.timeoutMs ?? CALL_DEFAULTS.timeoutMs,
  };
  const token = tokenSource(tokenFetcher(caller(options, ports), config.refreshToken), ports.now);
  const call = caller({ ...options, token }, ports);
  const freshness = freshnessOf(ports);
  const ids = (by: 'isrc' | 'spotify') =>
    known(
      loader(
        single(
          {
            kind: `id-by-${by}`,
            freshnessMs: { found: freshness.chartmetricIds, empty: freshness.chartmetricEmpty },
            wire: idsAnswer,
            read: idOf,
            presumed: (_, number) => [{ chartmetric_ids: [-number] }],
            pathOf: (key) => `/api/track/${by}/${key}/get-ids`,
          },
          call,
        ),
        ports,
      ),
    );
  const track = loader(
    single(
      {
        kind: 'track',
        freshnessMs: {
          found: config.trackFreshnessMs ?? freshness.chartmetricStatistics,
          empty: freshness.chartmetricEmpty,
        },
        wire: trackAnswer,
        expects: ['cm_statistics', 'track_stage', 'score', 'album_label', 'songwriters', 'release_date'],
        read: trackOf,
        pathOf: (key) => `/api/track/${key}`,
      },
      call,
    ),
    ports,
  );
  return {
    idByIsrc: ids('isrc'),
    idBySpotify: ids('spotify'),
    track: (id, asking) => track(String(id), asking),
  };
}
