import type { Http, HttpAnswer, HttpRequest } from '#providers/http.ts';
import { type FailureCode, failure } from '#stream/failure.ts';
import { failed, ok } from '#stream/result.ts';
import { tellingWritten } from './written.ts';

const EVIDENCE_LENGTH = 500;

/** Codes under which nobody gets through to the provider. Anything else is trouble of this one connection. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** undici wraps what happened in `cause`, sometimes several times, and in an AggregateError when it tried several addresses. */
function systemCode(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 4) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return systemCode(error.cause, depth + 1);
}

const codeOf = (error: unknown): FailureCode => {
  if (error instanceof Error && error.name === 'TimeoutError') return 'TIMEOUT';
  return UNREACHABLE.has(systemCode(error) ?? '') ? 'PROVIDER_DOWN' : 'CONNECTION';
};

/** The path without its query: queries can hold hundreds of ids, and are no part of an error's identity. */
const nameOf = ({ method, url }: HttpRequest): string => `${method} ${url.split('?', 1)[0]}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body,
    signal: AbortSignal.timeout(request.timeoutMs),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    json: parsed(text),
    text: text.slice(0, EVIDENCE_LENGTH),
  };
}

/** The network through Node's own `fetch`. Trouble on the way is a value, never a rejection. */
export const fetchHttp: Http = async (request, written = () => undefined) => {
  try {
    return ok(await tellingWritten(written, () => exchange(request)));
  } catch (error) {
    const code = codeOf(error);
    const cause = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
    return failed(failure(code, `${nameOf(request)}: ${cause}`));
  }
};
