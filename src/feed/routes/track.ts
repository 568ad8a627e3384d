import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { trackDetail } from '#feed/schemas/track.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';
import { trackIdOf } from '#track/identity.ts';

/** `GET /v1/tracks/{id}`: everything about one track. The id may also be a track's URI or link, URL-encoded. */
export function trackRoute(app: FastifyInstance, { reads }: RouteContext): void {
  app.get<{ Params: { id: string } }>(
    '/v1/tracks/:id',
    {
      schema: {
        summary: 'Everything about one track.',
        params: { type: 'object', properties: { id: { type: 'string', description: 'Spotify track id.' } } },
        response: { 200: jsonSchema(trackDetail), 404: jsonSchema(errorAnswer) },
      },
    },
    async (request, reply) => {
      const trackId = trackIdOf(request.params.id);
      const track = trackId === null ? null : await reads.track(trackId);
      if (track !== null) return track;
      return reply.code(404).send(errorBody('NOT_FOUND', `No track "${request.params.id}" was ever seen.`));
    },
  );
}
