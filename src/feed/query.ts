import type { z } from 'zod';

/** A query or body that does not fit is the caller's mistake, and he is told which part. */
export function queryOf<Query>(shape: z.ZodType<Query>, given: unknown, where = 'querystring'): Query {
  const read = shape.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw Object.assign(new Error(`${where}/${issue?.path.join('/') ?? ''} ${issue?.message ?? 'does not fit'}`), {
    statusCode: 400,
  });
}
