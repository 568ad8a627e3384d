import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { CLOSE, serveClient } from '#feed/client.ts';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { sandboxed } from '#feed/sandboxed.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';

const query = z.object({
  since: z.coerce.number().int().min(0).optional().describe('The last cursor seen; without it only what is new.'),
});

/** `GET /v1/feed`: the feed over WebSocket. The first message is `hello`, or `reset` when the cursor cannot be resumed. */
export function feedRoute(app: FastifyInstance, context: RouteContext): void {
  let clients = 0;
  app.route({
    method: 'GET',
    url: '/v1/feed',
    schema: {
      summary: 'The feed over WebSocket: every change, in order, each with a cursor.',
      querystring: jsonSchema(query, 'input'),
      response: { 426: jsonSchema(errorAnswer) },
    },
    handler: (_, reply) => reply.code(426).send(errorBody('UPGRADE_REQUIRED', 'Open this as a WebSocket.')),
    wsHandler: (socket, request) => {
      if (clients >= context.settings.maxClients) {
        socket.close(CLOSE.tryLater, 'too many clients');
        return;
      }
      clients += 1;
      socket.once('close', () => {
        clients -= 1;
      });
      greet(socket, query.parse(request.query).since ?? null, context).catch((error: unknown) => {
        context.failed(error, { method: request.method, url: request.url });
        socket.close(CLOSE.trouble, 'the feed cannot be read; come back with your cursor');
      });
    },
  });
}

async function greet(socket: WebSocket, since: number | null, context: RouteContext): Promise<void> {
  const { floor, head } = await context.hub.bounds();
  const resumable = since === null || (since >= floor && since <= head);
  const cursor = resumable && since !== null ? since : head;
  const type = resumable ? 'hello' : 'reset';
  socket.send(JSON.stringify({ type, cursor, sandbox: sandboxed(context.providers) }));
  await serveClient(socket, context.hub, cursor, context.settings.heartbeatMs);
}
