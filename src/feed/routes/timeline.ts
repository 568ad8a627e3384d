import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { unlessWithdrawn } from '#feed/gone.ts';
import { timelineAnswer } from '#feed/schemas/timeline.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';
import { trackIdOf } from '#track/identity.ts';

/** Reading a timeline reads the log, so that one address cannot ask for it all the time. */
const A_MINUTE = 30;

/** `GET /v1/tracks/{id}/timeline`: everything that happened to one track, and why it is where it is. */
export function timelineRoute(app: FastifyInstance, { readTimeline, withdrawals }: RouteContext): void {
  app.get<{ Params: { id: string } }>(
    '/v1/tracks/:id/timeline',
    {
      preHandler: unlessWithdrawn({ withdrawals }),
      config: { rateLimit: { max: A_MINUTE, timeWindow: '1 minute' } },
      schema: {
        summary: 'Everything that happened to one track, in order, and why it is where it is.',
        description: `Reads the track's partition of every topic from its first record on; ${A_MINUTE} a minute and address.`,
        params: { type: 'object', properties: { id: { type: 'string', description: 'Spotify track id.' } } },
        response: {
          200: jsonSchema(timelineAnswer),
          404: jsonSchema(errorAnswer),
          410: { description: 'It was withdrawn.', ...jsonSchema(errorAnswer) },
        },
      },
    },
    async (request, reply) => {
      const trackId = trackIdOf(request.params.id);
      const timeline = trackId === null ? null : await readTimeline(trackId);
      if (timeline !== null) return timeline;
      return reply.code(404).send(errorBody('NOT_FOUND', `No track "${request.params.id}" was ever seen.`));
    },
  );
}
