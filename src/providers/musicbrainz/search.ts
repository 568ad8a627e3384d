import { z } from 'zod';
import type { Call } from '#providers/call.ts';
import type { CallScope } from '#providers/call-scope.ts';
import type { Fetched } from '#providers/source.ts';
import { type Failure, failure } from '#stream/failure.ts';
import { failed, ok, type Result } from '#stream/result.ts';

/** The most that MusicBrainz gives at once (its default is 25). */
const PAGE = 100;
/** Beyond this a batch is asked in halves instead. */
const MOST_PAGES = 10;

/** Entities that are searched, with the name of the list in their answers. */
const LISTS = { recording: 'recordings', work: 'works', artist: 'artists', url: 'urls' } as const;

export type Entity = keyof typeof LISTS;

/** The documents of a search; `complete` is false when there are more than were fetched. */
export type Found = { readonly documents: readonly unknown[]; readonly complete: boolean };

/** A search that failed, for each of its keys; a refused one is asked again in halves, so that one bad key harms itself alone. */
export const unanswered = (keys: readonly string[], why: Failure): readonly Fetched[] | 'split' =>
  why.code === 'BAD_REQUEST' && keys.length > 1 ? 'split' : keys.map(() => ({ kind: 'failed', failure: why }));

/**
 * Runs one Lucene search to its last page.
 * Fails as the call does; BAD_REQUEST for a refused query, UNPARSEABLE for an answer that is no page of documents.
 */
export async function search(call: Call, entity: Entity, query: string, scope: CallScope): Promise<Result<Found>> {
  const documents: unknown[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await searchPage(call, entity, query, page * PAGE, scope);
    if (!answer.ok) return answer;
    documents.push(...answer.value.documents);
    const last = answer.value.documents.length < PAGE || documents.length >= answer.value.count;
    if (last) return ok({ documents, complete: true });
  }
  return ok({ documents, complete: false });
}

/** A page of documents, whatever the list is called. */
const pageOf = (list: string) =>
  z
    .record(z.string(), z.unknown())
    .transform((page) => ({ count: page['count'], documents: page[list] }))
    .pipe(z.object({ count: z.int(), documents: z.array(z.unknown()) }));

type Page = { readonly count: number; readonly documents: readonly unknown[] };

async function searchPage(
  call: Call,
  entity: Entity,
  query: string,
  offset: number,
  scope: CallScope,
): Promise<Result<Page>> {
  const path = `/ws/2/${entity}?query=${encodeURIComponent(query)}&limit=${PAGE}&offset=${offset}&fmt=json`;
  const answer = await call({ method: 'GET', path, body: null }, scope);
  if (!answer.ok) return answer;
  const { status, json, text } = answer.value;
  if (status >= 300)
    return failed(failure('BAD_REQUEST', `${entity} search answered ${status}: ${text.slice(0, 200)}`));
  const list = LISTS[entity];
  const page = pageOf(list).safeParse(json);
  if (!page.success) return failed(failure('UNPARSEABLE', `${entity} search answers no ${list}`));
  return ok(page.data);
}
