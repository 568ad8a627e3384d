import type { ProviderName } from './route.ts';

/** What one endpoint was asked: calls by status, and how many keys (ids, ISRCs, …) in all, at most in one call, and different ones. */
export type EndpointCalls = {
  calls: number;
  statuses: Record<string, number>;
  ids: number;
  distinctIds: number;
  mostIdsInACall: number;
};

/** What one provider was asked. Rates count arrivals in a sliding second. */
export type ProviderCalls = {
  calls: number;
  concurrent: number;
  mostConcurrent: number;
  mostInASecond: number;
  endpoints: Record<string, EndpointCalls>;
};

export type Calls = { since: string; providers: Partial<Record<ProviderName, ProviderCalls>> };

/** One call. `status` is 0 when the connection was cut; `ms` how long the answer took. */
export type CallRecord = {
  at: string;
  account: string | null;
  provider: ProviderName;
  endpoint: string;
  ids: number;
  status: number;
  ms: number;
};

/**
 * Counts every call the stand-ins got, in bounded memory: past `idsKept` different keys an endpoint stops telling them apart,
 * and only the latest calls are kept one by one.
 */
export type Ledger = {
  /** Counts an arrival; the returned function counts its end with the status (0 when the connection was cut). */
  begin(call: {
    provider: ProviderName;
    account: string | null;
    endpoint: string;
    ids: readonly string[];
    now: number;
  }): (status: number, endedAt: number) => void;
  calls(): Calls;
  /** The latest calls one by one, in the order of their ends. */
  each(): readonly CallRecord[];
  /** How often each key was asked for at an endpoint. */
  ids(provider: ProviderName, endpoint: string): Readonly<Record<string, number>>;
  reset(now: number): void;
};

type Page = { counts: EndpointCalls; asked: Map<string, number> };
type Book = { counts: ProviderCalls; pages: Map<string, Page>; arrivals: number[] };

/** Makes an empty ledger. */
export function ledgerOf(now: number, idsKept = 200_000, callsKept = 10_000): Ledger {
  let since = now;
  let latest: CallRecord[] = [];
  const books = new Map<ProviderName, Book>();
  return {
    begin: ({ provider, account, endpoint, ids, now: at }) => {
      const book = entry(books, provider, emptyBook);
      const page = entry(book.pages, endpoint, emptyPage);
      arrive(book, at);
      countIds(page, ids, idsKept);
      return (status, endedAt) => {
        const time = { at: new Date(at).toISOString(), ms: endedAt - at };
        latest.push({ ...time, account, provider, endpoint, ids: ids.length, status });
        // Cut now and then, not with every call.
        if (latest.length > 2 * callsKept) latest = latest.slice(-callsKept);
        book.counts.concurrent -= 1;
        page.counts.statuses[status] = (page.counts.statuses[status] ?? 0) + 1;
      };
    },
    calls: () => ({
      since: new Date(since).toISOString(),
      providers: Object.fromEntries([...books].map(([name, book]) => [name, told(book)])),
    }),
    each: () => latest.slice(-callsKept),
    ids: (provider, endpoint) => Object.fromEntries(books.get(provider)?.pages.get(endpoint)?.asked ?? []),
    reset: (at) => {
      since = at;
      latest = [];
      books.clear();
    },
  };
}

function arrive(book: Book, at: number): void {
  const { counts } = book;
  counts.calls += 1;
  counts.concurrent += 1;
  counts.mostConcurrent = Math.max(counts.mostConcurrent, counts.concurrent);
  book.arrivals.push(at);
  const old = book.arrivals.findIndex((arrival) => arrival > at - 1000);
  if (old > 0) book.arrivals.splice(0, old);
  counts.mostInASecond = Math.max(counts.mostInASecond, book.arrivals.length);
}

function countIds({ counts, asked }: Page, ids: readonly string[], idsKept: number): void {
  counts.calls += 1;
  counts.ids += ids.length;
  counts.mostIdsInACall = Math.max(counts.mostIdsInACall, ids.length);
  for (const id of ids) if (asked.has(id) || asked.size < idsKept) asked.set(id, (asked.get(id) ?? 0) + 1);
}

function told({ counts, pages }: Book): ProviderCalls {
  const endpoints = [...pages].map(([name, page]) => [name, { ...page.counts, distinctIds: page.asked.size }]);
  return { ...counts, endpoints: Object.fromEntries(endpoints) };
}

const emptyPage = (): Page => ({
  counts: { calls: 0, statuses: {}, ids: 0, distinctIds: 0, mostIdsInACall: 0 },
  asked: new Map(),
});

const emptyBook = (): Book => ({
  counts: { calls: 0, concurrent: 0, mostConcurrent: 0, mostInASecond: 0, endpoints: {} },
  pages: new Map(),
  arrivals: [],
});

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
