import type { z } from 'zod';
import type { Call } from '#providers/call.ts';
import type { Fetched, Source } from '#providers/source.ts';
import { failure } from '#stream/failure.ts';
import { anyOf } from './lucene.ts';
import { type Entity, search, unanswered } from './search.ts';

/** Servers and proxies refuse longer request lines; what stands around the query takes some of the 8 KB. */
const LONGEST_QUERY = 7_500;

/** How one kind of thing is searched by many keys at once. */
export type SearchKind<Document, Facts> = {
  readonly kind: string;
  readonly entity: Entity;
  /** The index field that holds the key. */
  readonly field: string;
  readonly maxBatch: number;
  /** The key as Lucene takes it. */
  readonly value: (key: string) => string;
  /** Under which keys a document is found, or `null` when it does not say. */
  readonly keysOf: (document: unknown) => readonly string[] | null;
  /** True: a document that bears none of the keys still answers a search for one key alone. */
  readonly trustsIndex: boolean;
  readonly wire: z.ZodType<{ documents: Document[] }>;
  readonly read: (documents: readonly Document[], key: string) => Facts;
};

export type Waits = Pick<Source<unknown, unknown>, 'lingerMs' | 'freshnessMs'>;

/**
 * A source of the loader over one Lucene search per batch. The batch is halved when the query would be too long, is refused, has
 * more results than can be fetched, or gives documents that cannot be told apart by key.
 */
export function searchSource<Document, Facts>(
  kind: SearchKind<Document, Facts>,
  waits: Waits,
  call: Call,
): Source<{ documents: Document[] }, Facts> {
  return {
    provider: 'musicbrainz',
    kind: kind.kind,
    maxBatch: kind.maxBatch,
    ...waits,
    profile: () => 'public',
    wire: kind.wire,
    read: ({ documents }, key) => kind.read(documents, key),
    fetchBatch: async (keys, scope) => {
      const query = anyOf(kind.field, keys.map(kind.value));
      if (keys.length > 1 && encodeURIComponent(query).length > LONGEST_QUERY) return 'split';
      const found = await search(call, kind.entity, query, scope);
      if (!found.ok) return unanswered(keys, found.failure);
      if (keys.length > 1 && !found.value.complete) return 'split';
      return sorted(kind, keys, found.value.documents);
    },
  };
}

type Sorting = { readonly kind: string; readonly field: string } & Pick<
  SearchKind<unknown, unknown>,
  'keysOf' | 'trustsIndex'
>;

/** Gives each key its documents, in the order of the search. */
function sorted(kind: Sorting, keys: readonly string[], documents: readonly unknown[]): readonly Fetched[] | 'split' {
  const borne = documents.map(kind.keysOf);
  if (borne.includes(null)) return unanswered(keys, driftOf(kind));
  const isStray = borne.map((own) => !own?.some((key) => keys.includes(key)));
  if (kind.trustsIndex && isStray.includes(true)) return keys.length > 1 ? 'split' : [fetched(documents)];
  return keys.map((key) => fetched(documents.filter((_, index) => borne[index]?.includes(key))));
}

const fetched = (documents: readonly unknown[]): Fetched =>
  documents.length === 0 ? { kind: 'not_found' } : { kind: 'found', body: { documents } };

const driftOf = ({ kind, field }: { kind: string; field: string }) =>
  failure('UNPARSEABLE', `musicbrainz ${kind}: a document of the search does not say its ${field}`);
