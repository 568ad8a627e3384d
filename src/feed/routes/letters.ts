import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { queryOf } from '#feed/query.ts';
import { letterDetail, letterGroups, letterGroupsQuery, letterItem, lettersQuery } from '#feed/schemas/letter.ts';
import { errorAnswer, jsonSchema, pageOf } from '#feed/schemas/wire.ts';

/** `GET /v1/dead-letters`, `/groups` and `/{id}`: what failed, by cause, and one letter with its bytes. */
export function lettersRoutes(app: FastifyInstance, { reads, openLetter }: RouteContext): void {
  app.get(
    '/v1/dead-letters',
    {
      schema: {
        summary: 'Dead letters, the last failed first.',
        querystring: jsonSchema(lettersQuery, 'input'),
        response: { 200: jsonSchema(pageOf(letterItem)), 400: jsonSchema(errorAnswer) },
      },
    },
    async (request) => {
      const { cursor, ...query } = queryOf(lettersQuery, request.query);
      return reads.letters({ ...query, after: cursor });
    },
  );

  app.get(
    '/v1/dead-letters/groups',
    {
      schema: {
        summary: 'Dead letters counted by cause, the largest group first, each with a sample.',
        querystring: jsonSchema(letterGroupsQuery, 'input'),
        response: { 200: jsonSchema(letterGroups), 400: jsonSchema(errorAnswer) },
      },
    },
    async (request) => {
      const { limit, ...filter } = queryOf(letterGroupsQuery, request.query);
      return reads.letterGroups(filter, limit);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/v1/dead-letters/:id',
    {
      schema: {
        summary: 'One dead letter: headers and value, decoded or in hexadecimal.',
        params: { type: 'object', properties: { id: { type: 'string', description: 'Letter id.' } } },
        response: { 200: jsonSchema(letterDetail), 404: jsonSchema(errorAnswer) },
      },
    },
    async (request, reply) => {
      const letter = await reads.letter(request.params.id);
      if (letter !== null) return { ...letter, content: await openLetter(letter) };
      return reply.code(404).send(errorBody('NOT_FOUND', `There is no dead letter "${request.params.id}".`));
    },
  );
}
