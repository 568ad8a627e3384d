import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { unlessWithdrawn } from '#feed/gone.ts';
import { queryOf } from '#feed/query.ts';
import { trackDetail } from '#feed/schemas/track.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';
import type { TrackAt } from '#feed/timeline-ports.ts';
import { trackIdOf } from '#track/identity.ts';

const query = z.object({
  at: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe('The track as it was then: what its events up to this moment say together.'),
});

/** Reading the past reads the log, so that one address cannot ask for it all the time. */
const A_MINUTE_OF_THE_PAST = 30;
const isOfNow = ({ query: given }: FastifyRequest): boolean => !(given as { at?: unknown }).at;

/** `GET /v1/tracks/{id}`: everything about one track. The id may also be a track's URI or link, URL-encoded. */
export function trackRoute(app: FastifyInstance, { reads, readTrackAt, withdrawals }: RouteContext): void {
  const now = async (id: string): Promise<TrackAt | null> => {
    const track = await reads.track(id);
    return track === null ? null : { kind: 'found', track };
  };

  app.get<{ Params: { id: string } }>(
    '/v1/tracks/:id',
    {
      preHandler: unlessWithdrawn({ withdrawals }),
      config: { rateLimit: { max: A_MINUTE_OF_THE_PAST, timeWindow: '1 minute', allowList: isOfNow } },
      schema: {
        summary: 'Everything about one track, now or as it was.',
        description: 'With `at` the log is read, as for the timeline: as many questions a minute and address.',
        querystring: jsonSchema(query, 'input'),
        params: { type: 'object', properties: { id: { type: 'string', description: 'Spotify track id.' } } },
        response: {
          200: jsonSchema(trackDetail),
          400: jsonSchema(errorAnswer),
          404: jsonSchema(errorAnswer),
          410: { description: 'It was withdrawn.', ...jsonSchema(errorAnswer) },
        },
      },
    },
    async ({ params: { id }, query: given }, reply) => {
      const { at } = queryOf(query, given);
      const trackId = trackIdOf(id);
      const found = trackId === null ? null : await (at === null ? now(trackId) : readTrackAt(trackId, Date.parse(at)));
      if (found?.kind === 'found') return found.track;
      const [status, body] = found === null ? unseen(id, at) : tooLong(found.looked, at);
      return reply.code(status).send(body);
    },
  );
}

const unseen = (id: string, at: string | null) =>
  [404, errorBody('NOT_FOUND', `No track "${id}" was ${at === null ? 'ever seen' : `seen by ${at}`}.`)] as const;

const tooLong = (looked: number, at: string | null) =>
  [
    400,
    errorBody(
      'BAD_REQUEST',
      `More than ${looked} records would have to be read; \`linernotes track ID --at ${at} --most N\` reads on.`,
    ),
  ] as const;
