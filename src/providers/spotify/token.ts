import { z } from 'zod';
import { type Http, type HttpAnswer, refusalOf } from '#providers/http.ts';
import { type FreshToken, type TokenSource, tokenSource } from '#providers/token.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok, type Result } from '#stream/result.ts';

const granted = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** Wrong credentials come as 400 `invalid_client`, with words unlike all other errors of Spotify. */
function read(answer: HttpAnswer, what: string, now: number): Result<FreshToken> {
  if (answer.status >= 400 && answer.status < 404) {
    return failed(failure('UNAUTHORIZED', `${what} answered ${answer.status}: Spotify refuses these credentials`));
  }
  const refusal = refusalOf(answer, what, now);
  if (refusal !== null) return failed(refusal);
  const token = granted.safeParse(answer.json);
  if (!token.success) return failed(failure('UNPARSEABLE', `${what}: no token in the answer`));
  return ok({ token: token.data.access_token, expiresInMs: token.data.expires_in * 1000 });
}

export type SpotifyCredentials = {
  /** `https://accounts.spotify.com` or its stand-in. */
  readonly accountsUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
};

/** Tokens by client credentials: catalogue data only, one hour each. */
export function spotifyToken(credentials: SpotifyCredentials, http: Http, now: () => number): TokenSource {
  const url = `${credentials.accountsUrl}/api/token`;
  const secret = Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString('base64');
  return tokenSource(async () => {
    const answer = await http({
      method: 'POST',
      url,
      headers: { authorization: `Basic ${secret}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
      timeoutMs: 15_000,
    });
    return answer.ok ? read(answer.value, `POST ${url}`, now()) : answer;
  }, now);
}
