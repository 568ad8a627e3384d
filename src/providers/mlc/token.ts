import { z } from 'zod';
import { type Http, type HttpAnswer, refusalOf } from '#providers/http.ts';
import { type FreshToken, type TokenSource, tokenSource } from '#providers/token.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok, type Result } from '#stream/result.ts';

/** Data calls want the id token, not the access token; the seconds come as text. */
const granted = z.looseObject({ idToken: z.string().min(1), expiresIn: z.coerce.number().positive() });

/** A failed login can come as 200 with an `error` in it. */
const denied = z.looseObject({ error: z.string() });

function read(answer: HttpAnswer, what: string, now: number): Result<FreshToken> {
  const refusal = refusalOf(answer, what, now);
  if (refusal !== null) return failed(refusal);
  if (answer.status >= 300 || denied.safeParse(answer.json).success) {
    return failed(failure('UNAUTHORIZED', `${what} answered ${answer.status}: The MLC refuses these credentials`));
  }
  const token = granted.safeParse(answer.json);
  if (!token.success) return failed(failure('UNPARSEABLE', `${what}: no idToken in the answer`));
  return ok({ token: token.data.idToken, expiresInMs: token.data.expiresIn * 1000 });
}

export type MlcCredentials = {
  /** `https://public-api.themlc.com` or its stand-in. */
  readonly apiUrl: string;
  readonly username: string;
  readonly password: string;
};

export function mlcToken({ apiUrl, username, password }: MlcCredentials, http: Http, now: () => number): TokenSource {
  const url = `${apiUrl}/oauth/token`;
  return tokenSource(async () => {
    const answer = await http({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ username, password }),
      timeoutMs: 15_000,
    });
    return answer.ok ? read(answer.value, `POST ${url}`, now()) : answer;
  }, now);
}
