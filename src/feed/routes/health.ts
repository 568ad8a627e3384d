import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';

/** `GET /healthz`: this process answers. `GET /readyz`: and its database does. `GET /metrics`: for Prometheus. */
export function healthRoutes(app: FastifyInstance, { ready, registry }: RouteContext): void {
  const unlimited = { config: { rateLimit: false }, schema: { hide: true } } as const;
  app.get('/healthz', unlimited, async () => ({ ok: true }));
  app.get('/readyz', unlimited, async (_, reply) => {
    try {
      await ready();
      return { ok: true };
    } catch {
      return reply.code(503).send(errorBody('UNAVAILABLE', 'The database does not answer.'));
    }
  });
  app.get('/metrics', unlimited, async (_, reply) => {
    const text = await registry.metrics();
    return reply.type(registry.contentType).send(text);
  });
}
