import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import type { Connections } from '#app/connect.ts';
import { inspect } from '#app/inspection.ts';
import type { Told } from '#app/told.ts';
import { letterGroupsQuery, lettersQuery } from '#feed/schemas/letter.ts';
import { selectionOf } from './select.ts';
import { groupLines, letterDetailLines, letterLines } from './words.ts';

type Options = Readonly<Record<string, string>>;

/** Asked with connections it answers; `null`: there is no such letter. */
export type LetterQuestion = (connections: Connections) => Promise<Told | null>;

type Asked = { readonly ask: LetterQuestion } | { readonly wrong: string };

/**
 * Letters by a selection, the last failed first; the same answer as `GET /v1/dead-letters`.
 * @param options names and values as people type them, see `selectionOf`
 */
export function listLetters(options: Options): Asked {
  const selection = selectionOf(lettersQuery, options, Date.now());
  if ('wrong' in selection) return selection;
  const { cursor, ...query } = selection.query;
  return {
    ask: async ({ pool }) => {
      const json = await postgresReads(pool).letters({ ...query, after: cursor });
      return { json, lines: (coloured) => letterLines(json, coloured) };
    },
  };
}

/** Letters counted by cause; the same answer as `GET /v1/dead-letters/groups`. */
export function groupLetters(options: Options): Asked {
  const selection = selectionOf(letterGroupsQuery, options, Date.now());
  if ('wrong' in selection) return selection;
  const { limit, ...filter } = selection.query;
  return {
    ask: async ({ pool }) => {
      const json = await postgresReads(pool).letterGroups(filter, limit);
      return { json, lines: (coloured) => groupLines(json, coloured) };
    },
  };
}

/** One letter with its bytes; the same answer as `GET /v1/dead-letters/{id}`. */
export const showLetter = (id: string): Asked => ({
  ask: async (connections) => {
    const letter = await postgresReads(connections.pool).letter(id);
    if (letter === null) return null;
    const inspection = inspect(connections);
    try {
      const json = { ...letter, content: await inspection.openLetter(letter) };
      return { json, lines: (coloured) => letterDetailLines(json, coloured) };
    } finally {
      await inspection.close();
    }
  },
});
