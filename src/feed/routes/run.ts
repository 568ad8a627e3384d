import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { queryOf } from '#feed/query.ts';
import { cancelOrder, runDetail } from '#feed/schemas/run.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';

const params = { type: 'object', properties: { id: { type: 'string', description: 'Run id.' } } };

const unseen = (id: string) => errorBody('NOT_FOUND', `No event of run "${id}" was seen yet.`);

/** `GET /v1/runs/{id}`: how far a run has come; `POST /v1/runs/{id}/cancel`: asks nobody for it any more. */
export function runRoute(app: FastifyInstance, { reads, cancel }: RouteContext): void {
  app.get<{ Params: { id: string } }>(
    '/v1/runs/:id',
    {
      schema: {
        summary: 'How far a run has come.',
        params,
        response: { 200: jsonSchema(runDetail), 404: jsonSchema(errorAnswer) },
      },
    },
    async (request, reply) => {
      const run = await reads.run(request.params.id);
      if (run !== null) return run;
      return reply.code(404).send(unseen(request.params.id));
    },
  );
  app.post<{ Params: { id: string } }>(
    '/v1/runs/:id/cancel',
    {
      schema: {
        summary: 'Cancels a run: its events go on through the phases, and nobody is asked for them any more.',
        params,
        body: jsonSchema(cancelOrder, 'input'),
        response: { 202: jsonSchema(runDetail), 400: jsonSchema(errorAnswer), 404: jsonSchema(errorAnswer) },
      },
    },
    async (request, reply) => {
      const run = await cancel(request.params.id, queryOf(cancelOrder, request.body, 'body'));
      return run === null ? reply.code(404).send(unseen(request.params.id)) : reply.code(202).send(run);
    },
  );
}
