import { z } from 'zod';
import type { Call } from '#providers/call.ts';
import type { FreshToken } from '#providers/token.ts';
import { failure } from '#stream/failure.ts';
import { failed, ok, type Result } from '#stream/result.ts';

const tokenAnswer = z.object({ token: z.string().min(1), expires_in: z.coerce.number() });

/** The token call belongs to all who wait for it, so no single asker's signal ends it. */
const nobodyAborts = new AbortController().signal;

/**
 * Exchanges the refresh token for a bearer token (`POST /api/token`, field `refreshtoken`, one word).
 * @returns a function that fetches a token; fails with UNAUTHORIZED when the refresh token is refused
 */
export const tokenFetcher = (call: Call, refreshToken: string) => async (): Promise<Result<FreshToken>> => {
  const request = { method: 'POST', path: '/api/token', body: { refreshtoken: refreshToken } } as const;
  const answer = await call(request, { lane: 'live', signal: nobodyAborts });
  if (!answer.ok) return answer;
  const { status, json } = answer.value;
  if (status >= 300) return failed(failure('UNAUTHORIZED', `chartmetric refuses the refresh token (${status})`));
  const token = tokenAnswer.safeParse(json);
  if (!token.success) return failed(failure('UNPARSEABLE', 'chartmetric answers no token'));
  return ok({ token: token.data.token, expiresInMs: token.data.expires_in * 1000 });
};
