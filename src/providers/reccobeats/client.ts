import { z } from 'zod';
import type { Lookup } from '#providers/answer.ts';
import { CALL_DEFAULTS, type Call, caller } from '#providers/call.ts';
import type { CallScope } from '#providers/call-scope.ts';
import { freshnessOf } from '#providers/freshness.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/provider-ports.ts';
import type { Fetched } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import type { AudioFeatures } from '#track/facts.ts';

/** The governor's budget of this provider. */
export const RECCOBEATS_ACCOUNT = 'reccobeats';

/** More ids are refused (`size must be between 1 and 40`). */
const MOST_IDS = 40;

export type ReccobeatsConfig = {
  /** `https://api.reccobeats.com` or its stand-in. */
  readonly url: string;
  readonly lingerMs: { readonly live: number; readonly replay: number };
};

/** By Spotify track id. */
export type ReccobeatsClient = { readonly features: Lookup<string, AudioFeatures> };

/** In the terms of Spotify's audio features, but without the time signature. */
const wireFeatures = z.looseObject({
  href: z.string(),
  acousticness: z.number(),
  danceability: z.number(),
  energy: z.number(),
  instrumentalness: z.number(),
  liveness: z.number(),
  speechiness: z.number(),
  valence: z.number(),
  loudness: z.number(),
  tempo: z.number(),
  key: z.int(),
  mode: z.int(),
});

type WireFeatures = z.infer<typeof wireFeatures>;

const featuresOf = ({ href: _, ...given }: WireFeatures): AudioFeatures => ({
  acousticness: given.acousticness,
  danceability: given.danceability,
  energy: given.energy,
  instrumentalness: given.instrumentalness,
  liveness: given.liveness,
  speechiness: given.speechiness,
  valence: given.valence,
  loudness: given.loudness,
  tempo: given.tempo,
  key: given.key,
  mode: given.mode,
  timeSignature: 0,
});

const listed = z.object({ content: z.array(z.looseObject({ href: z.string() })) });

/** Answers carry ids of the service's own; only the link says which track was meant. Tracks it does not know are left out. */
async function fetchFeatures(call: Call, ids: readonly string[], scope: CallScope): Promise<readonly Fetched[]> {
  const answer = await call({ method: 'GET', path: `/v1/audio-features?ids=${ids.join(',')}`, body: null }, scope);
  const failed = (why: ReturnType<typeof failure>): readonly Fetched[] =>
    ids.map(() => ({ kind: 'failed', failure: why }));
  if (!answer.ok) return failed(answer.failure);
  const { status, json } = answer.value;
  if (status === 404) return ids.map(() => ({ kind: 'not_found' }));
  if (status >= 300) return failed(failure('BAD_REQUEST', `reccobeats audio features answered ${status}`));
  const list = listed.safeParse(json);
  if (!list.success) return failed(failure('UNPARSEABLE', 'reccobeats audio features: no content with links'));
  return ids.map((id): Fetched => {
    const body = list.data.content.find(({ href }) => href.split('/').at(-1) === id);
    return body === undefined ? { kind: 'not_found' } : { kind: 'found', body };
  });
}

/**
 * ReccoBeats: audio features for accounts to which Spotify gives none. Free, without a key; its limit is not published.
 * Source of the shapes: reccobeats.com/docs and clients of 2026.
 */
export function reccobeatsClient({ url, lingerMs }: ReccobeatsConfig, ports: ProviderPorts): ReccobeatsClient {
  const call = caller({ ...CALL_DEFAULTS, origin: url, account: RECCOBEATS_ACCOUNT }, ports);
  const freshness = freshnessOf(ports);
  return {
    features: loader(
      {
        provider: 'reccobeats',
        kind: 'audio-features',
        maxBatch: MOST_IDS,
        lingerMs,
        freshnessMs: { found: freshness.spotifyFeatures, empty: freshness.spotifyEmpty },
        profile: () => 'free',
        wire: wireFeatures,
        read: featuresOf,
        fetchBatch: (ids, scope) => fetchFeatures(call, ids, scope),
      },
      ports,
    ),
  };
}
