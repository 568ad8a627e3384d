import type { FastifyError, FastifyInstance } from 'fastify';

/** Codes of errors over HTTP, each with its status. The wire form is `{error: {code, message}}`. */
export const HTTP_ERRORS = {
  BAD_REQUEST: 400,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  GONE: 410,
  TOO_LARGE: 413,
  UNREADABLE: 422,
  NOTHING_ACCEPTED: 422,
  UPGRADE_REQUIRED: 426,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

export const errorBody = (code: HttpErrorCode, message: string) => ({ error: { code, message } });

export type ErrorBody = ReturnType<typeof errorBody>;

const BY_STATUS: Readonly<Record<number, HttpErrorCode>> = {
  400: 'BAD_REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'TOO_LARGE',
  429: 'TOO_MANY_REQUESTS',
};

/**
 * Gives every error the one wire form. What is our own fault says nothing of its inside; `failed` hears it.
 */
export function answerErrors(
  app: FastifyInstance,
  tooLarge: string,
  failed: (error: unknown, request: { readonly method: string; readonly url: string }) => void,
): void {
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody('NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]}.`)),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = BY_STATUS[error.statusCode ?? 500];
    if (code === undefined) {
      failed(error, { method: request.method, url: request.url });
      return reply.code(500).send(errorBody('INTERNAL', 'Something went wrong here; the log says what.'));
    }
    const message = code === 'TOO_LARGE' ? tooLarge : error.message;
    return reply.code(HTTP_ERRORS[code]).send(errorBody(code, message));
  });
}
