import { sandboxCredentials } from '../credentials.ts';
import { type Ask, json, type Provider, type Reply, waiting } from '../http/route.ts';
import type { Tokens } from '../http/tokens.ts';

const basic = Buffer.from(
  `${sandboxCredentials.SPOTIFY_CLIENT_ID}:${sandboxCredentials.SPOTIFY_CLIENT_SECRET}`,
).toString('base64');

/** The accounts origin: client credentials for a bearer token of an hour. Its errors have a shape of their own. */
export function spotifyAccounts(tokens: Tokens): Provider {
  const token = ({ headers, body, now }: Ask): Reply => {
    if (headers.authorization !== `Basic ${basic}`) return refusal(400, 'invalid_client', 'Invalid client secret');
    const grant = new URLSearchParams(body).get('grant_type');
    if (grant !== 'client_credentials')
      return refusal(400, 'unsupported_grant_type', `grant_type ${grant ?? 'missing'}`);
    return json(200, { access_token: tokens.issue('access', 3600, now), token_type: 'Bearer', expires_in: 3600 });
  };
  return {
    name: 'spotify',
    routes: [{ method: 'POST', path: '/api/token', endpoint: 'token', answer: token }],
    refuse: (status, retryAfter) => json(status, { error: 'server_error', error_description: '' }, waiting(retryAfter)),
    expireTokens: () => tokens.expire(Date.now()),
  };
}

const refusal = (status: number, error: string, description: string): Reply =>
  json(status, { error, error_description: description });
