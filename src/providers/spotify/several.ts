import type { Call, CallScope } from '#providers/call.ts';
import type { HttpAnswer } from '#providers/http.ts';
import type { Fetched } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import type { SpotifyAccess } from './access.ts';

type FetchBatch = (keys: readonly string[], scope: CallScope) => Promise<readonly Fetched[] | 'split'>;

const allFailed = (keys: readonly string[], fetched: Fetched): readonly Fetched[] => keys.map(() => fetched);

const drift = (message: string): Fetched => ({ kind: 'failed', failure: failure('UNPARSEABLE', message) });
const refused = (message: string): Fetched => ({ kind: 'failed', failure: failure('BAD_REQUEST', message) });

/**
 * The list in a batch's envelope, one place a key. Matched by position, never by the answered id: Spotify may answer another
 * track that stands for the asked one, and `null` for one it does not have.
 */
function byPosition(keys: readonly string[], answer: HttpAnswer, envelope: string): readonly Fetched[] {
  const { json } = answer;
  const list: unknown =
    json !== null && typeof json === 'object' && envelope in json ? Reflect.get(json, envelope) : null;
  if (!Array.isArray(list) || list.length !== keys.length) {
    return allFailed(keys, drift(`${envelope}: no list of ${keys.length} in the answer`));
  }
  return list.map((body): Fetched => (body === null ? { kind: 'not_found' } : { kind: 'found', body }));
}

/** One id by the single endpoint, which answers the bare object. */
async function single(call: Call, path: string, key: string, scope: CallScope): Promise<Fetched> {
  const answer = await call({ method: 'GET', path: `${path}/${key}`, body: null }, scope);
  if (!answer.ok) return { kind: 'failed', failure: answer.failure };
  const { status, json } = answer.value;
  if (status < 300) return { kind: 'found', body: json };
  if (status === 404) return { kind: 'not_found' };
  // Even the plain way is closed: trouble of the account, not a fact about this id.
  if (status === 403) return { kind: 'failed', failure: failure('UNAUTHORIZED', `GET ${path} answered 403`) };
  return refused(`GET ${path}/${key} answered ${status}`);
}

/** A batch that was answered, or why it was not. `closed`: the account may not ask this way. */
async function batch(call: Call, path: string, envelope: string, keys: readonly string[], scope: CallScope) {
  const answer = await call({ method: 'GET', path: `${path}?ids=${keys.join(',')}`, body: null }, scope);
  if (!answer.ok) return allFailed(keys, { kind: 'failed', failure: answer.failure });
  const { status } = answer.value;
  if (status < 300) return byPosition(keys, answer.value, envelope);
  if (status === 403) return 'closed';
  // One bad id must not hold the others: halve until it stands alone.
  if (keys.length > 1) return 'split';
  return [status === 404 ? ({ kind: 'not_found' } as const) : refused(`GET ${path} answered ${status}`)];
}

/** Several ids a call; one by one for an account that is refused batches. */
export const several =
  (call: Call, access: SpotifyAccess, path: string, envelope: string): FetchBatch =>
  async (keys, scope) => {
    if (access.batches()) {
      const answered = await batch(call, path, envelope, keys, scope);
      if (answered !== 'closed') return answered;
      access.refuseBatches();
    }
    const [key] = keys;
    if (key === undefined || keys.length > 1) return 'split';
    return [await single(call, path, key, scope)];
  };

/** Audio features, which many accounts are not given at all. */
export const severalFeatures =
  (call: Call, access: SpotifyAccess): FetchBatch =>
  async (keys, scope) => {
    if (access.features()) {
      const answered = await batch(call, '/v1/audio-features', 'audio_features', keys, scope);
      if (answered !== 'closed') return answered;
      access.refuseFeatures();
    }
    return allFailed(keys, { kind: 'not_offered' });
  };
