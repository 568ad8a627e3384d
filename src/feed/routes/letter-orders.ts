import type { FastifyInstance, FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { RouteContext } from '#feed/context.ts';
import { errorBody } from '#feed/errors.ts';
import type { OrderAnswer } from '#feed/letter-orders.ts';
import type { LetterSelection } from '#feed/letter-ports.ts';
import { letterSelection } from '#feed/schemas/letter.ts';
import { orderAnswer, redriveBody, resolveBody } from '#feed/schemas/letter-orders.ts';
import { errorAnswer, jsonSchema } from '#feed/schemas/wire.ts';

const answers = {
  200: { description: 'Done.', ...jsonSchema(orderAnswer) },
  202: {
    description: 'It goes on: see /v1/operations. The same request goes on with it after a crash.',
    ...jsonSchema(orderAnswer),
  },
  400: jsonSchema(errorAnswer),
  409: jsonSchema(errorAnswer),
};

/** Bodies are held to the zod shapes alone: the server's own validator would make texts of what is absent. */
const validatorCompiler = () => (value: unknown) => ({ value });

/** `POST /v1/dead-letters/redrive` and `/resolve`: what operators do with letters, with the selection of `GET /v1/dead-letters`. */
export function letterOrderRoutes(app: FastifyInstance, { letterOrders }: RouteContext): void {
  app.post(
    '/v1/dead-letters/redrive',
    {
      validatorCompiler,
      schema: {
        summary: 'Sends open dead letters to their groups again, each exactly once; or tells what that would do.',
        body: jsonSchema(redriveBody, 'input'),
        response: answers,
      },
    },
    async (request, reply) => {
      const { selection, all, dryRun, ...rest } = bodyOf(redriveBody, request.body);
      const order = { ...rest, selection: chosen(selection, all) };
      return answer(reply, dryRun ? await letterOrders.plan(order) : await letterOrders.redrive(order));
    },
  );

  app.post(
    '/v1/dead-letters/resolve',
    {
      validatorCompiler,
      schema: {
        summary: 'Closes open dead letters by hand.',
        body: jsonSchema(resolveBody, 'input'),
        response: answers,
      },
    },
    async (request, reply) => {
      const { selection, all, ...rest } = bodyOf(resolveBody, request.body);
      return answer(reply, await letterOrders.resolve({ ...rest, selection: chosen(selection, all) }));
    },
  );
}

const wrong = (message: string): Error => Object.assign(new Error(message), { statusCode: 400 });

function bodyOf<Body>(shape: z.ZodType<Body>, given: unknown): Body {
  const read = shape.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw wrong(`body/${issue?.path.join('/') ?? ''} ${issue?.message ?? 'does not fit'}`);
}

/** What changes something is done to no letter by accident. */
function chosen(given: object, all: boolean): LetterSelection {
  const selection = letterSelection.parse(given);
  const isNarrow = Object.values(selection).some((value) => value !== null);
  if (isNarrow === all)
    throw wrong(all ? 'body/all and a selection: say one of them' : 'body/selection is empty: say what, or `all`');
  return selection;
}

function answer(reply: FastifyReply, given: OrderAnswer): object {
  if (given.kind === 'refused') return reply.code(409).send(errorBody('CONFLICT', given.message));
  if (given.kind === 'done') return reply.code(200).send(given.body);
  return reply.code(202).send({ state: 'going on', operations: '/v1/operations?kind=redrive' });
}
