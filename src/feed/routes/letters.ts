import type { FastifyInstance, FastifyRequest } from 'fastify';
import { around } from '#feed/around.ts';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import type { LetterItem } from '#feed/letter-ports.ts';
import { queryOf } from '#feed/query.ts';
import { letterGroups, letterGroupsQuery, letterItem, lettersQuery } from '#feed/schemas/letter.ts';
import { letterDetail, letterDetailQuery } from '#feed/schemas/letter-detail.ts';
import { errorAnswer, jsonSchema, pageOf } from '#feed/schemas/wire.ts';

/** A timeline is read around each, as by the route of timelines. */
const A_MINUTE = 30;

/** `GET /v1/dead-letters`, `/groups` and `/{id}`: what failed, by cause, and one letter with its bytes. */
export function lettersRoutes(app: FastifyInstance, { reads, openLetter, readTimeline }: RouteContext): void {
  const detailOf = async (letter: LetterItem, isAround: boolean) => {
    const reading = isAround && letter.trackId !== null ? readTimeline(letter.trackId) : null;
    const [content, timeline] = await Promise.all([openLetter(letter), reading]);
    return { ...letter, content, around: around(timeline, letter) };
  };

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

  app.get<{ Params: { id: string }; Querystring: { around?: string } }>(
    '/v1/dead-letters/:id',
    {
      config: {
        rateLimit: {
          max: A_MINUTE,
          timeWindow: '1 minute',
          allowList: ({ query }: FastifyRequest) => letterDetailQuery.safeParse(query).data?.around === 'false',
        },
      },
      schema: {
        summary:
          'One dead letter: headers, value, decoded or in hexadecimal, and what happened to its track around it.',
        description: `Reads the log; ${A_MINUTE} a minute and address, unless \`around=false\`.`,
        querystring: jsonSchema(letterDetailQuery, 'input'),
        params: { type: 'object', properties: { id: { type: 'string', description: 'Letter id.' } } },
        response: { 200: jsonSchema(letterDetail), 404: jsonSchema(errorAnswer) },
      },
    },
    async (request, reply) => {
      const letter = await reads.letter(request.params.id);
      if (letter !== null) return detailOf(letter, queryOf(letterDetailQuery, request.query).around === 'true');
      return reply.code(404).send(errorBody('NOT_FOUND', `There is no dead letter "${request.params.id}".`));
    },
  );
}
