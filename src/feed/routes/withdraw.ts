import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { queryOf } from '#feed/query.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';
import { withdrawalPlan, withdrawnTrack, withdrawOrder } from '#feed/schemas/withdrawal.ts';
import { trackIdOf } from '#track/identity.ts';

/** Bodies are held to the zod shape alone: the server's own validator would make texts of what is absent. */
const validatorCompiler = () => (value: unknown) => ({ value });

/** `POST /v1/tracks/{id}/withdraw`: withdraws a track for good, or tells what that would erase. */
export function withdrawRoute(app: FastifyInstance, { withdrawals }: RouteContext): void {
  app.post<{ Params: { id: string } }>(
    '/v1/tracks/:id/withdraw',
    {
      validatorCompiler,
      schema: {
        summary: 'Withdraws a track for good and erases what is stored of it; or tells what that would erase.',
        params: { type: 'object', properties: { id: { type: 'string', description: 'Spotify track id.' } } },
        body: jsonSchema(withdrawOrder, 'input'),
        response: {
          200: { description: 'What would be erased.', ...jsonSchema(withdrawalPlan) },
          202: { description: 'Withdrawn.', ...jsonSchema(withdrawnTrack) },
          400: jsonSchema(errorAnswer),
        },
      },
    },
    async ({ params: { id }, body }, reply) => {
      const { dryRun, ...how } = queryOf(withdrawOrder, body, 'body');
      const trackId = trackIdOf(id);
      if (trackId === null) return reply.code(400).send(errorBody('BAD_REQUEST', `"${id}" names no Spotify track.`));
      if (dryRun) return reply.code(200).send(await withdrawals.plan(trackId));
      return reply.code(202).send(await withdrawals.withdraw(trackId, how));
    },
  );
}
