import type { Lookup } from '#providers/answer.ts';
import { CALL_DEFAULTS, type Call, type CallRequest, type CallScope, caller } from '#providers/call.ts';
import { FRESHNESS } from '#providers/freshness.ts';
import { loader } from '#providers/loader.ts';
import type { ProviderPorts } from '#providers/ports.ts';
import type { Fetched } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import { type RecordingsFacts, recordingsFacts, type WorkFacts, workFacts } from './facts.ts';
import { type MlcCredentials, mlcToken } from './token.ts';
import { wireRecordings, wireWork } from './wire.ts';

export type MlcClient = {
  /** By ISRC, 12 characters. */
  readonly recordings: Lookup<string, RecordingsFacts>;
  /** By MLC song code. */
  readonly works: Lookup<string, WorkFacts>;
};

export type MlcConfig = MlcCredentials & {
  readonly lingerMs: { readonly live: number; readonly replay: number };
};

/** The governor's budget of this provider. */
export const MLC_ACCOUNT = 'mlc';

/** No maximum is documented; 50 is known to work. */
const MOST_WORKS = 50;

type Listed = { readonly list: readonly unknown[] } | { readonly other: Fetched } | { readonly status: number };

/** A call whose answer is a list; 404 stands for an empty one. */
async function listed(call: Call, request: CallRequest, scope: CallScope): Promise<Listed> {
  const answer = await call(request, scope);
  if (!answer.ok) return { other: { kind: 'failed', failure: answer.failure } };
  const { status, json } = answer.value;
  if (status === 404) return { other: { kind: 'not_found' } };
  if (status >= 300) return { status };
  if (Array.isArray(json)) return { list: json };
  return { other: { kind: 'failed', failure: failure('UNPARSEABLE', `${request.path}: the answer is no list`) } };
}

const refused = (path: string, status: number): Fetched => ({
  kind: 'failed',
  failure: failure('BAD_REQUEST', `${path} answered ${status}`),
});

async function fetchRecordings(call: Call, isrc: string, scope: CallScope): Promise<Fetched> {
  const path = '/search/recordings';
  const answer = await listed(call, { method: 'POST', path, body: { isrc } }, scope);
  if ('other' in answer) return answer.other;
  if ('status' in answer) return refused(path, answer.status);
  return answer.list.length === 0 ? { kind: 'not_found' } : { kind: 'found', body: answer.list };
}

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

async function fetchWorks(
  call: Call,
  codes: readonly string[],
  scope: CallScope,
): Promise<readonly Fetched[] | 'split'> {
  const path = '/works';
  const body = codes.map((mlcsongCode) => ({ mlcsongCode }));
  const answer = await listed(call, { method: 'POST', path, body }, scope);
  if ('list' in answer) return bySongCode(codes, answer.list, path);
  const alone = codes.length < 2;
  if ('status' in answer) return alone ? codes.map(() => refused(path, answer.status)) : 'split';
  return answer.other.kind === 'not_found' && !alone ? 'split' : codes.map(() => answer.other);
}

/** The MLC's Public Search API: recordings one ISRC a call, works up to 50 song codes a call. */
export function mlcClient(config: MlcConfig, ports: ProviderPorts): MlcClient {
  const token = mlcToken(config, ports.http, ports.now);
  const call = caller({ ...CALL_DEFAULTS, origin: config.apiUrl, account: MLC_ACCOUNT, token }, ports);
  const freshnessMs = { found: FRESHNESS.mlc, empty: FRESHNESS.mlc };
  const common = { provider: 'mlc', freshnessMs, profile: () => 'search' };
  return {
    recordings: loader(
      {
        ...common,
        kind: 'recordings',
        maxBatch: 1,
        lingerMs: { live: 0, replay: 0 },
        wire: wireRecordings,
        read: recordingsFacts,
        fetchBatch: (isrcs, scope) => Promise.all(isrcs.map((isrc) => fetchRecordings(call, isrc, scope))),
      },
      ports,
    ),
    works: loader(
      {
        ...common,
        kind: 'work',
        maxBatch: MOST_WORKS,
        lingerMs: config.lingerMs,
        wire: wireWork,
        read: workFacts,
        fetchBatch: (codes, scope) => fetchWorks(call, codes, scope),
      },
      ports,
    ),
  };
}
