import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '#feed/context.ts';
import { errorBody, HTTP_ERRORS, type HttpErrorCode } from '#feed/errors.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';
import { replayPlan } from '#replay/plan.ts';
import type { Refused } from '#replay/replay-port.ts';
import { replayRequest } from '#replay/request.ts';
import { replayStatus } from '#replay/status.ts';

const list = z.object({ items: z.array(replayStatus) });

const who = z.strictObject({
  by: z.string().trim().min(1).max(200).describe('Who does it; it stands in the log.'),
  reason: z.string().max(2_000).nullable().default(null).describe('Why.'),
});

const CODES: Readonly<Record<Refused['kind'], HttpErrorCode>> = {
  request: 'BAD_REQUEST',
  missing: 'NOT_FOUND',
  state: 'CONFLICT',
  unknown: 'UNAVAILABLE',
};

const STEPS = ['pause', 'resume', 'cancel'] as const;

const refusals = { 400: jsonSchema(errorAnswer), 503: jsonSchema(errorAnswer) };
const byId = { type: 'object', properties: { id: { type: 'string', description: 'Replay id.' } } };

/** `/v1/replays`: what a replay would cost, starting one, and what is done to it. */
export function replaysRoutes(app: FastifyInstance, { replays }: RouteContext): void {
  const answered = <Answer extends object>(reply: FastifyReply, answer: Answer | Refused, status = 200) => {
    if (!('wrong' in answer)) return reply.code(status).send(answer);
    const code = CODES[answer.kind];
    return reply.code(HTTP_ERRORS[code]).send(errorBody(code, answer.wrong));
  };
  const missing = (id: string): Refused => ({ kind: 'missing', wrong: `There is no replay "${id}".` });

  app.get(
    '/v1/replays',
    { schema: { summary: 'Replays, the last started first; at most 100.', response: { 200: jsonSchema(list) } } },
    async () => ({ items: await replays.list() }),
  );

  app.get<{ Params: { id: string } }>(
    '/v1/replays/:id',
    {
      schema: {
        summary: 'One replay: its state, how far it is, and its calls beside those planned.',
        params: byId,
        response: { 200: jsonSchema(replayStatus), 404: jsonSchema(errorAnswer) },
      },
    },
    async ({ params: { id } }, reply) => answered(reply, (await replays.one(id)) ?? missing(id)),
  );

  app.post(
    '/v1/replays/plan',
    {
      schema: {
        summary: 'What a replay would cost; nothing is done.',
        body: jsonSchema(replayRequest, 'input'),
        response: { 200: jsonSchema(replayPlan), ...refusals },
      },
    },
    async (request, reply) => {
      const read = bodyOf(replayRequest, request.body);
      return answered(reply, 'wrong' in read ? read : await replays.plan(read.body, untilGone(reply)));
    },
  );

  app.post(
    '/v1/replays',
    {
      schema: {
        summary: 'Starts a replay; its plan stands in the answer.',
        body: jsonSchema(replayRequest.extend(who.shape), 'input'),
        response: { 201: jsonSchema(replayStatus), ...refusals },
      },
    },
    async (request, reply) => {
      const read = bodyOf(replayRequest.extend(who.shape), request.body);
      if ('wrong' in read) return answered(reply, read);
      const { by, reason, ...wanted } = read.body;
      return answered(reply, await replays.start(wanted, { by, reason }, untilGone(reply)), 201);
    },
  );

  for (const step of STEPS) {
    app.post<{ Params: { id: string } }>(
      `/v1/replays/:id/${step}`,
      {
        schema: {
          summary: `${step[0]?.toUpperCase()}${step.slice(1)}s a replay.`,
          params: byId,
          body: jsonSchema(who, 'input'),
          response: {
            200: jsonSchema(replayStatus),
            404: jsonSchema(errorAnswer),
            409: jsonSchema(errorAnswer),
            ...refusals,
          },
        },
      },
      async (request, reply) => {
        const read = bodyOf(who, request.body);
        return answered(reply, 'wrong' in read ? read : await replays.move(request.params.id, step, read.body));
      },
    );
  }
}

function bodyOf<Body>(shape: z.ZodType<Body>, given: unknown): { readonly body: Body } | Refused {
  const read = shape.safeParse(given);
  if (read.success) return { body: read.data };
  const [issue] = read.error.issues;
  return { kind: 'request', wrong: `body/${issue?.path.join('/') ?? ''} ${issue?.message ?? 'does not fit'}` };
}

/** A plan for somebody who has gone is not worth finishing. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
