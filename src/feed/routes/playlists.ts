import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { queryOf } from '#feed/query.ts';
import { playlistSummary } from '#feed/schemas/playlist.ts';
import { errorAnswer, jsonSchema, listQuery, pageOf } from '#feed/schemas/wire.ts';

/** `GET /v1/playlists`: playlists, the latest observed first. */
export function playlistsRoute(app: FastifyInstance, { reads }: RouteContext): void {
  app.get(
    '/v1/playlists',
    {
      schema: {
        summary: 'Playlists, the latest observed first.',
        querystring: jsonSchema(listQuery, 'input'),
        response: { 200: jsonSchema(pageOf(playlistSummary)), 400: jsonSchema(errorAnswer) },
      },
    },
    async (request) => {
      const { cursor, limit } = queryOf(listQuery, request.query);
      return reads.playlists({ after: cursor, limit });
    },
  );
}
