import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import type { Connections } from '#app/connect.ts';
import { momentOf } from '#app/moment.ts';
import type { Told } from '#app/told.ts';
import { operationsQuery } from '#feed/schemas/operation.ts';
import { operationLines } from './words.ts';

/** Asked with connections it answers. */
export type OperationQuestion = (connections: Connections) => Promise<Told>;

type Asked = { readonly ask: OperationQuestion } | { readonly wrong: string };

/**
 * What was done to the pipeline, the last first; the same answer as `GET /v1/operations`.
 * @param options names and values as people type them
 */
export function listOperations({ since, ...rest }: Readonly<Record<string, string>>): Asked {
  const given = since === undefined ? rest : { ...rest, since: momentOf(since, Date.now()) };
  const read = operationsQuery.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    return { wrong: `--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}` };
  }
  const { cursor, ...query } = read.data;
  return {
    ask: async ({ pool }) => {
      const json = await postgresReads(pool).operations({ ...query, after: cursor });
      return { json, lines: (coloured) => operationLines(json, coloured) };
    },
  };
}
