import type { Call } from '#providers/call.ts';
import type { CallScope } from '#providers/call-scope.ts';
import type { HttpAnswer } from '#providers/http.ts';
import type { Fetched, Source } from '#providers/source.ts';
import { classOf, type Failure, failure } from '#stream/failure.ts';
import type { Capability, SpotifyAccess } from './access.ts';

type FetchBatch = Source<unknown, unknown>['fetchBatch'];

/** How the Web API is asked. */
export type WebApi = {
  /** Calls whose 429 may say that this way of asking is closed; it is for the asker to find out. */
  readonly calls: Readonly<Record<Capability, Call>>;
  readonly call: Call;
  readonly access: SpotifyAccess;
  /** ISO country, or `null`: no market is named, nothing is relinked. */
  readonly market: string | null;
};

/** One kind of thing. */
export type Endpoint = {
  /** `/v1/tracks` */
  readonly path: string;
  /** The key under which a batch has its list. */
  readonly envelope: string;
  /** Keys that accounts with batches are always given: one that is missing is a change of the API, not a fact. */
  readonly promised: readonly string[];
  readonly hasMarket: boolean;
};

const allFailed = (keys: readonly string[], why: Failure): readonly Fetched[] =>
  keys.map(() => ({ kind: 'failed', failure: why }));

const drift = (message: string): Failure => failure('UNPARSEABLE', message);

/** A refusal in Spotify's own words. One without them comes from something on the way, and says nothing of the account. */
const isItsOwn = ({ json }: HttpAnswer): boolean => json !== null && typeof json === 'object' && 'error' in json;

const notItsOwn = (what: string): Failure =>
  failure('PROVIDER_ERROR', `${what} answered 403 without a word of Spotify's`);

function placed(body: unknown, { path, promised }: Endpoint): Fetched {
  if (body === null) return { kind: 'not_found' };
  const missing = typeof body === 'object' ? promised.find((name) => !(name in body)) : undefined;
  if (missing === undefined) return { kind: 'found', body };
  return { kind: 'failed', failure: drift(`spotify ${path.slice(4)}: ${missing}: missing`) };
}

/**
 * The list in a batch's envelope, one place a key. Matched by position, never by the answered id: Spotify may answer another
 * track that stands for the asked one, and `null` for one it does not have.
 */
function byPosition(keys: readonly string[], { json }: HttpAnswer, endpoint: Endpoint): readonly Fetched[] {
  const { envelope } = endpoint;
  const list: unknown =
    json !== null && typeof json === 'object' && envelope in json ? Reflect.get(json, envelope) : null;
  if (Array.isArray(list) && list.length === keys.length) return list.map((body) => placed(body, endpoint));
  return allFailed(keys, drift(`spotify ${envelope}: no list of ${keys.length} in the answer`));
}

/** One id by the single endpoint, which answers the bare object. */
async function single(api: WebApi, endpoint: Endpoint, key: string, scope: CallScope): Promise<Fetched> {
  const { path, hasMarket } = endpoint;
  const query = hasMarket && api.market !== null ? `?market=${api.market}` : '';
  const answer = await api.call(
    { method: 'GET', path: `${path}/${key}${query}`, body: null, endpoint: `${path}/{id}` },
    scope,
  );
  if (!answer.ok) return { kind: 'failed', failure: answer.failure };
  const { status, json } = answer.value;
  if (status < 300) return { kind: 'found', body: json };
  if (status === 404) return { kind: 'not_found' };
  return { kind: 'failed', failure: refusedSingly(answer.value, `GET ${path}`, key) };
}

function refusedSingly(answer: HttpAnswer, what: string, key: string): Failure {
  if (answer.status !== 403) return failure('BAD_REQUEST', `${what}/${key} answered ${answer.status}`);
  // Even the plain way is closed: trouble of the account, not a fact about this id.
  return isItsOwn(answer) ? failure('UNAUTHORIZED', `${what} answered 403`) : notItsOwn(what);
}

/** A batch that was answered, or why it was not. `closed`: perhaps the account may not ask this way. */
async function batch(
  { calls, access, market }: WebApi,
  capability: Capability,
  endpoint: Endpoint,
  keys: readonly string[],
  scope: CallScope,
): Promise<readonly Fetched[] | 'split' | 'closed'> {
  const { path, hasMarket } = endpoint;
  const query = `ids=${keys.join(',')}${hasMarket && market !== null ? `&market=${market}` : ''}`;
  const answer = await calls[capability]({ method: 'GET', path: `${path}?${query}`, body: null }, scope);
  if (!answer.ok) return allFailed(keys, answer.failure);
  const { status } = answer.value;
  if (status < 300) {
    access.answered(capability);
    return byPosition(keys, answer.value, endpoint);
  }
  if (status === 429) return 'closed';
  if (status === 403) return isItsOwn(answer.value) ? 'closed' : allFailed(keys, notItsOwn(`GET ${path}`));
  // One bad id must not hold the others: halve until it stands alone.
  if (keys.length > 1) return 'split';
  if (status === 404) return [{ kind: 'not_found' }];
  return allFailed(keys, failure('BAD_REQUEST', `GET ${path} answered ${status}`));
}

/** What is wrong with the account itself; an answer that only dislikes the id shows that nothing is. */
const troubleOf = (probe: Fetched): Failure | null =>
  probe.kind === 'failed' && classOf(probe.failure.code) !== 'invalid' ? probe.failure : null;

/**
 * Several ids a call; one by one for an account that is refused batches. Whether it is that, or the account itself is in trouble,
 * is told by asking for the first id alone. The others follow at once, so that no message notices.
 */
export function several(api: WebApi, endpoint: Endpoint): FetchBatch {
  const { access } = api;
  const alone = (key: string, scope: CallScope): Promise<Fetched> => single(api, endpoint, key, scope);

  const afterRefusal: FetchBatch = async (keys, scope) => {
    const [key = '', ...others] = keys;
    const first = await alone(key, scope);
    const trouble = troubleOf(first);
    if (trouble !== null) return allFailed(keys, trouble);
    access.refused('batches');
    return [first, ...(await Promise.all(others.map((other) => alone(other, scope))))];
  };

  return async (keys, scope) => {
    if (access.offers('batches')) {
      const answered = await batch(api, 'batches', endpoint, keys, scope);
      return answered === 'closed' ? afterRefusal(keys, scope) : answered;
    }
    const [key] = keys;
    return key === undefined || keys.length > 1 ? 'split' : [await alone(key, scope)];
  };
}

/** Audio features, which many accounts are not given at all. Whether it is that is told by asking for a track by the same id. */
export const severalFeatures =
  (api: WebApi, endpoint: Endpoint, track: Endpoint): FetchBatch =>
  async (keys, scope) => {
    const [key = ''] = keys;
    if (api.access.offers('features')) {
      const answered = await batch(api, 'features', endpoint, keys, scope);
      if (answered !== 'closed') return answered;
      const trouble = troubleOf(await single(api, track, key, scope));
      if (trouble !== null) return allFailed(keys, trouble);
      api.access.refused('features');
    }
    return keys.map(() => ({ kind: 'not_offered' }));
  };
