import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { LedgerEntry } from '#providers/ports.ts';
import { reaching } from './lost.ts';

/** An index takes no long keys, and text takes neither NUL nor half a surrogate pair. */
const LONGEST_KEY = 200;

/** The key under which an entry stands. Nearly always the key itself; what Postgres would refuse stands under its hash. */
export const storedKey = (key: string): string =>
  key.length <= LONGEST_KEY && key.isWellFormed() && !key.includes('\0')
    ? key
    : `sha256:${createHash('sha256').update(JSON.stringify(key)).digest('hex')}`;

type Row = {
  readonly key: string;
  readonly outcome: LedgerEntry['outcome'];
  readonly body: string | null;
  readonly fetched_at: number;
  readonly profile: string;
};

/** `= any` reads the index in the order of the keys; a join on `unnest` may be planned as a scan of everything. */
const FIND = `
  select key, outcome, body, (extract(epoch from fetched_at) * 1000)::float8 as fetched_at, profile
  from linernotes.ledger
  where provider = $1 and kind = $2 and key = any($3::text[]) and fetched_at >= to_timestamp($4::float8 / 1000)`;

/** Entries by the keys as they were asked, fetched at or after `notBefore`. */
export async function findEntries(
  pool: Pool,
  provider: string,
  kind: string,
  keys: readonly string[],
  notBefore: number,
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const asked = new Map(keys.map((key) => [storedKey(key), key]));
  const values = [provider, kind, [...asked.keys()], notBefore];
  const { rows } = await reaching(() => pool.query<Row>({ name: 'ledger-find', text: FIND, values }));
  const entryOf = ({ key, outcome, body, fetched_at, profile }: Row): LedgerEntry => ({
    provider,
    kind,
    key: asked.get(key) ?? key,
    outcome,
    body: body === null ? null : JSON.parse(body),
    fetchedAt: fetched_at,
    profile,
  });
  return new Map(rows.map(entryOf).map((entry) => [entry.key, entry]));
}

/**
 * In the order of the primary key, as every statement on several rows has it: so writers wait for each other, and never in a ring. One
 * answer may tell of several tracks (a page knows the counts of its album); of withdrawn ones nothing is kept.
 */
const STORE = `
  insert into linernotes.ledger as l (provider, kind, key, outcome, body, fetched_at, profile)
  select provider, kind, key, outcome, body, to_timestamp(fetched_at / 1000), profile
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::text[])
    as e (provider, kind, key, outcome, body, fetched_at, profile)
  where not exists (select from linernotes.withdrawn w where w.track_id = e.key)
  order by provider, kind, key
  on conflict (provider, kind, key) do update
  set outcome = excluded.outcome, body = excluded.body, fetched_at = excluded.fetched_at, profile = excluded.profile
  where l.fetched_at <= excluded.fetched_at`;

/** One statement may touch a row only once: of several answers under a key the newest stays. */
function newest(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const byPlace = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const place = JSON.stringify([entry.provider, entry.kind, entry.key]);
    const other = byPlace.get(place);
    if (other === undefined || other.fetchedAt <= entry.fetchedAt) byPlace.set(place, entry);
  }
  return [...byPlace.values()];
}

/** Keeps entries; none replaces a newer one. */
export async function storeEntries(pool: Pool, entries: readonly LedgerEntry[]): Promise<void> {
  const kept = newest(entries);
  const values = [
    kept.map(({ provider }) => provider),
    kept.map(({ kind }) => kind),
    kept.map(({ key }) => storedKey(key)),
    kept.map(({ outcome }) => outcome),
    kept.map(({ body }) => (body === null ? null : JSON.stringify(body))),
    kept.map(({ fetchedAt }) => fetchedAt),
    kept.map(({ profile }) => profile),
  ];
  await reaching(() => pool.query({ name: 'ledger-store', text: STORE, values }));
}
