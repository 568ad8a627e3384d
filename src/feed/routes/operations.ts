import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { queryOf } from '#feed/query.ts';
import { operationItem, operationsQuery } from '#feed/schemas/operation.ts';
import { errorAnswer, jsonSchema, pageOf } from '#feed/schemas/wire.ts';

/** `GET /v1/operations`: the audit, the last operation first. */
export function operationsRoute(app: FastifyInstance, { reads }: RouteContext): void {
  app.get(
    '/v1/operations',
    {
      schema: {
        summary: 'What was done to the pipeline, by whom and when; the last first.',
        querystring: jsonSchema(operationsQuery, 'input'),
        response: { 200: jsonSchema(pageOf(operationItem)), 400: jsonSchema(errorAnswer) },
      },
    },
    async (request) => {
      const { cursor, ...query } = queryOf(operationsQuery, request.query);
      return reads.operations({ ...query, after: cursor });
    },
  );
}
