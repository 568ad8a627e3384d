import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import { queryOf } from '#feed/query.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';
import { type Ingested, ingestAnswer } from '#ingest/answer.ts';

const query = z.object({
  name: z
    .string()
    .max(500)
    .nullable()
    .default(null)
    .describe('What the playlist is called when the file does not say.'),
});

const nothingAccepted = errorAnswer.extend({ answer: ingestAnswer.optional() });

type Answer = { readonly status: number; readonly body: object };

/** `POST /v1/playlists`: takes a playlist file in any known format; it is told by its content, not by its type. */
export function ingestRoute(app: FastifyInstance, { ingest, settings }: RouteContext): void {
  app.register(async (own) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: settings.maxBodyBytes }, (_, body, done) =>
      done(null, body),
    );
    own.post<{ Body: Buffer | undefined }>(
      '/v1/playlists',
      {
        bodyLimit: settings.maxBodyBytes,
        schema: {
          summary: 'Publishes the playlists of a file, each snapshot exactly once.',
          querystring: jsonSchema(query, 'input'),
          response: {
            200: { description: 'All of it was published before.', ...jsonSchema(ingestAnswer) },
            201: { description: 'Published.', ...jsonSchema(ingestAnswer) },
            413: jsonSchema(errorAnswer),
            422: jsonSchema(nothingAccepted),
          },
        },
      },
      async (request, reply) => {
        const { name } = queryOf(query, request.query);
        const { status, body } = answerOf(await ingest(request.body ?? Buffer.alloc(0), name));
        return reply.code(status).send(body);
      },
    );
  });
}

function answerOf(ingested: Ingested): Answer {
  if (ingested.kind === 'too_large') return { status: 413, body: errorBody('TOO_LARGE', ingested.message) };
  if (ingested.kind === 'unreadable') return { status: 422, body: errorBody('UNREADABLE', ingested.message) };
  const { kind, answer } = ingested;
  if (kind === 'nothing_accepted') {
    const message = 'No row of it names a track that could be accepted; nothing was published.';
    return { status: 422, body: { ...errorBody('NOTHING_ACCEPTED', message), answer } };
  }
  const published = answer.runs.some(({ state }) => state === 'published');
  return { status: published ? 201 : 200, body: answer };
}
