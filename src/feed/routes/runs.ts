import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { queryOf } from '#feed/query.ts';
import { runItem } from '#feed/schemas/run.ts';
import { errorAnswer, jsonSchema, listQuery, pageOf } from '#feed/schemas/wire.ts';

/** `GET /v1/runs`: runs, the latest begun first. */
export function runsRoute(app: FastifyInstance, { reads }: RouteContext): void {
  app.get(
    '/v1/runs',
    {
      schema: {
        summary: 'Runs, the latest begun first.',
        querystring: jsonSchema(listQuery, 'input'),
        response: { 200: jsonSchema(pageOf(runItem)), 400: jsonSchema(errorAnswer) },
      },
    },
    async (request) => {
      const { cursor, limit } = queryOf(listQuery, request.query);
      return reads.runs({ after: cursor, limit });
    },
  );
}
