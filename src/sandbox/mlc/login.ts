import { z } from 'zod';
import { sandboxCredentials } from '../credentials.ts';
import { parsed } from '../http/control.ts';
import { type Ask, json, type Reply, type Route } from '../http/route.ts';
import type { Tokens } from '../http/tokens.ts';

const body = z.union([
  z.object({ username: z.string(), password: z.string() }),
  z.object({ refreshToken: z.string() }),
]);

/** The token route: `expiresIn` is a text, and a failed login answers 200 with an `error` field. */
export function login(tokens: Tokens): Route {
  const answer = (ask: Ask): Reply => {
    const asked = body.safeParse(parsed(ask.body));
    const good =
      asked.success && ('refreshToken' in asked.data ? fresh(asked.data.refreshToken, ask) : right(asked.data));
    if (!good) return json(200, { error: 'invalid_grant', errorDescription: 'Incorrect username or password.' });
    return json(200, {
      accessToken: tokens.issue('access', 3600, ask.now),
      idToken: tokens.issue('id', 3600, ask.now),
      refreshToken: tokens.issue('refresh', 86_400, ask.now),
      tokenType: 'Bearer',
      expiresIn: '3600',
    });
  };
  const right = ({ username, password }: { username: string; password: string }): boolean =>
    username === sandboxCredentials.MLC_USERNAME && password === sandboxCredentials.MLC_PASSWORD;
  const fresh = (token: string, ask: Ask): boolean => tokens.check(`Bearer ${token}`, 'refresh', ask.now) === 'good';
  return { method: 'POST', path: '/oauth/token', endpoint: 'token', answer };
}
