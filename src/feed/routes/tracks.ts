import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { queryOf } from '#feed/query.ts';
import { trackItem, tracksQuery } from '#feed/schemas/track.ts';
import { errorAnswer, jsonSchema, pageOf } from '#feed/schemas/wire.ts';

/** `GET /v1/tracks`: tracks by playlist, run, status, publisher status or text, the latest seen first. */
export function tracksRoute(app: FastifyInstance, { reads }: RouteContext): void {
  app.get(
    '/v1/tracks',
    {
      schema: {
        summary: 'Tracks, the latest seen first.',
        querystring: jsonSchema(tracksQuery, 'input'),
        response: { 200: jsonSchema(pageOf(trackItem)), 400: jsonSchema(errorAnswer) },
      },
    },
    async (request) => {
      const { cursor, ...query } = queryOf(tracksQuery, request.query);
      return reads.tracks({ ...query, after: cursor });
    },
  );
}
