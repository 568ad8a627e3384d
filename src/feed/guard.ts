import type { FastifyInstance } from 'fastify';
import { errorBody } from './errors.ts';

/** The page loads nothing from elsewhere and runs nothing inline, so text from playlists can never become code. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * Keeps other sites out: a browser that is on some other page says so in `Origin`, also when it opens a WebSocket, which no
 * same-origin rule stops. Programs send no `Origin` and are let in.
 */
export function guard(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const { origin, host } = request.headers;
    if (origin !== undefined && URL.parse(origin)?.host !== host)
      return reply.code(403).send(errorBody('FORBIDDEN', 'Requests from pages of other sites are refused.'));
  });
}
