import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { sandboxed } from '#feed/sandboxed.ts';
import { statusAnswer } from '#feed/schemas/status.ts';
import { jsonSchema } from '#feed/schemas/wire.ts';

/** `GET /v1/status`: the whole in numbers, and whose data it is. */
export function statusRoute(app: FastifyInstance, { reads, hub, providers }: RouteContext): void {
  app.get(
    '/v1/status',
    { schema: { summary: 'The whole in numbers.', response: { 200: jsonSchema(statusAnswer) } } },
    async () => {
      // The cursor first: whoever reads the lists after this and resumes from here misses nothing.
      const { head } = await hub.bounds();
      return {
        cursor: head,
        sandbox: sandboxed(providers),
        providers,
        ...(await reads.totals()),
        stages: await reads.standing(),
      };
    },
  );
}
