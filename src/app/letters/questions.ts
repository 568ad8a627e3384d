import { postgresReads } from '#adapters/postgres/reads/reads.ts';
import type { Connections } from '#app/connect.ts';
import { inspect } from '#app/inspection.ts';
import type { Told } from '#app/told.ts';
import { around } from '#feed/around.ts';
import type { LetterContent, LetterItem } from '#feed/letter-ports.ts';
import { letterGroupsQuery, lettersQuery } from '#feed/schemas/letter.ts';
import { letterDetailLines, sampleLines } from './detail-words.ts';
import { selectionOf } from './select.ts';
import { groupLines, letterLines } from './words.ts';

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

/** One letter with its bytes and what happened to its track around it; the same answer as `GET /v1/dead-letters/{id}`. */
export const showLetter = (id: string): Asked => ({
  ask: async (connections) => {
    const letter = await postgresReads(connections.pool).letter(id);
    if (letter === null) return null;
    const inspection = inspect(connections);
    try {
      const [content, timeline] = await Promise.all([
        inspection.openLetter(letter),
        letter.trackId === null ? null : inspection.readTimeline(letter.trackId),
      ]);
      const json = { ...letter, content, around: around(timeline, letter) };
      return { json, lines: (coloured) => letterDetailLines(json, coloured) };
    } finally {
      await inspection.close();
    }
  },
});

/** Letters of each cause that are opened unless told. */
const SAMPLE = '5';

/** A few letters of each cause, the last failed first, with their bytes. */
export function sampleLetters({ limit = SAMPLE, ...options }: Options): Asked {
  const groups = selectionOf(letterGroupsQuery, options, Date.now());
  const letters = selectionOf(lettersQuery, { ...options, limit }, Date.now());
  if ('wrong' in groups) return groups;
  if ('wrong' in letters) return letters;
  const { cursor: _, ...each } = letters.query;
  const { limit: most, ...filter } = groups.query;
  return {
    ask: async (connections) => {
      const inspection = inspect(connections);
      const reads = postgresReads(connections.pool);
      try {
        const { items: causes } = await reads.letterGroups(filter, most);
        const json: (LetterItem & { readonly content: LetterContent | null })[] = [];
        for (const { fingerprint, phase, class: kind, code } of causes) {
          const { items } = await reads.letters({ ...each, fingerprint, phase, class: kind, code, after: null });
          for (const item of items) json.push({ ...item, content: await inspection.openLetter(item) });
        }
        return { json, lines: (coloured) => sampleLines(json, coloured) };
      } finally {
        await inspection.close();
      }
    },
  };
}
