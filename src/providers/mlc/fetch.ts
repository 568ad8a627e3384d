import type { Call, CallRequest } from '#providers/call.ts';
import type { CallScope } from '#providers/call-scope.ts';
import type { Fetched } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import { songBody } from './song-question.ts';

type Listed = { readonly list: readonly unknown[] } | { readonly other: Fetched } | { readonly status: number };

/** A call whose answer is a list; 404 stands for an empty one. */
async function listed(call: Call, path: string, body: unknown, scope: CallScope): Promise<Listed> {
  const request: CallRequest = { method: 'POST', path, body };
  const answer = await call(request, scope);
  if (!answer.ok) return { other: { kind: 'failed', failure: answer.failure } };
  const { status, json } = answer.value;
  if (status === 404) return { other: { kind: 'not_found' } };
  if (status >= 300) return { status };
  if (Array.isArray(json)) return { list: json };
  return { other: { kind: 'failed', failure: failure('UNPARSEABLE', `${path}: the answer is no list`) } };
}

const refused = (path: string, status: number): Fetched => ({
  kind: 'failed',
  failure: failure('BAD_REQUEST', `${path} answered ${status}`),
});

/** A search: all that it lists is one answer, an empty list is "no such thing". */
async function searched(call: Call, path: string, body: unknown, scope: CallScope): Promise<Fetched> {
  const answer = await listed(call, path, body, scope);
  if ('other' in answer) return answer.other;
  if ('status' in answer) return refused(path, answer.status);
  return answer.list.length === 0 ? { kind: 'not_found' } : { kind: 'found', body: answer.list };
}

export const fetchRecordings = (call: Call, isrc: string, scope: CallScope): Promise<Fetched> =>
  searched(call, '/search/recordings', { isrc }, scope);

/** @param key a question as `songKey` makes it */
export const fetchSongs = (call: Call, key: string, scope: CallScope): Promise<Fetched> =>
  searched(call, '/search/songcode', songBody(key), scope);

const songCodeOf = (work: unknown): unknown =>
  typeof work === 'object' && work !== null ? Reflect.get(work, 'mlcSongCode') : undefined;

/** Works that are not known are left out of the answer, so it is matched by song code. */
function bySongCode(codes: readonly string[], list: readonly unknown[], path: string): readonly Fetched[] {
  if (list.some((work) => typeof songCodeOf(work) !== 'string')) {
    const drift: Fetched = {
      kind: 'failed',
      failure: failure('UNPARSEABLE', `${path}: a work without song code`),
    };
    return codes.map(() => drift);
  }
  return codes.map((code): Fetched => {
    const body = list.find((work) => songCodeOf(work) === code);
    return body === undefined ? { kind: 'not_found' } : { kind: 'found', body };
  });
}

/** Many works in one call. A batch that is refused, or not found, as a whole is asked again in halves. */
export async function fetchWorks(
  call: Call,
  codes: readonly string[],
  scope: CallScope,
): Promise<readonly Fetched[] | 'split'> {
  const path = '/works';
  const body = codes.map((mlcsongCode) => ({ mlcsongCode }));
  const answer = await listed(call, path, body, scope);
  if ('list' in answer) return bySongCode(codes, answer.list, path);
  const alone = codes.length < 2;
  if ('status' in answer) return alone ? codes.map(() => refused(path, answer.status)) : 'split';
  return answer.other.kind === 'not_found' && !alone ? 'split' : codes.map(() => answer.other);
}
