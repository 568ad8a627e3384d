import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { runItem } from '#feed/schemas/run.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';

/** `GET /v1/runs/{id}`: how far a run has come. */
export function runRoute(app: FastifyInstance, { reads }: RouteContext): void {
  app.get<{ Params: { id: string } }>(
    '/v1/runs/:id',
    {
      schema: {
        summary: 'How far a run has come.',
        params: { type: 'object', properties: { id: { type: 'string', description: 'Run id.' } } },
        response: { 200: jsonSchema(runItem), 404: jsonSchema(errorAnswer) },
      },
    },
    async (request, reply) => {
      const run = await reads.run(request.params.id);
      if (run !== null) return run;
      const message = `No event of run "${request.params.id}" was seen yet.`;
      return reply.code(404).send(errorBody('NOT_FOUND', message));
    },
  );
}
