import type { Pool } from 'pg';

/** What is kept of one kind of thing. */
export type Shelf = {
  readonly provider: string;
  readonly kind: string;
  readonly entries: number;
  readonly found: number;
  readonly not_found: number;
  readonly restricted: number;
  readonly not_offered: number;
  /** Of the bodies, as they lie on disk. */
  readonly bytes: number;
  readonly oldest: string;
  readonly newest: string;
};

export type LedgerStatistics = {
  readonly shelves: readonly Shelf[];
  /** Keys that are being asked for now. */
  readonly claims: number;
  /** Of table and index on disk; what was dropped leaves room that is used again. */
  readonly bytesOnDisk: number;
};

const outcome = (name: string): string => `count(*) filter (where outcome = '${name}') as ${name}`;

const SHELVES = `
  select provider, kind, count(*) as entries,
    ${['found', 'not_found', 'restricted', 'not_offered'].map(outcome).join(', ')},
    coalesce(sum(pg_column_size(body)), 0)::bigint as bytes, min(fetched_at) as oldest, max(fetched_at) as newest
  from linernotes.ledger group by provider, kind order by provider, kind`;

const SIZES = `
  select pg_total_relation_size('linernotes.ledger') as "bytesOnDisk",
    (select count(*) from linernotes.ledger_claims where lapses_at > clock_timestamp()) as claims`;

/** Counts everything that is kept; reads the whole table. */
export async function ledgerStatistics(pool: Pool): Promise<LedgerStatistics> {
  const shelves = await pool.query<Shelf>(SHELVES);
  const sizes = await pool.query<{ bytesOnDisk: number; claims: number }>(SIZES);
  return { shelves: shelves.rows, ...(sizes.rows[0] ?? { bytesOnDisk: 0, claims: 0 }) };
}

/** What to keep: days by provider (others are kept), and how many entries of all at most. */
export type Keeping = { readonly days: Readonly<Record<string, number>>; readonly mostEntries: number };

const BLOCKS_A_STEP = 1_000;

const BLOCKS = `
  select ceil(pg_relation_size('linernotes.ledger')::float8 / current_setting('block_size')::int)::int as blocks`;

const DROP_OLD = `
  delete from linernotes.ledger l using unnest($3::text[], $4::float8[]) as k (provider, days)
  where l.ctid >= $1::tid and l.ctid < $2::tid
    and l.provider = k.provider and l.fetched_at < clock_timestamp() - k.days * interval '1 day'`;

const DROP_UNTIL = `
  delete from linernotes.ledger where ctid >= $1::tid and ctid < $2::tid and fetched_at <= $3::timestamptz`;

/** The newest entry for which there is no room; none when there is room for all. */
const NO_ROOM = 'select fetched_at as at from linernotes.ledger order by fetched_at desc offset $1 limit 1';

/** Deletes in short transactions, a stretch of the table each, every stretch once. */
async function dropInSteps(pool: Pool, statement: string, values: readonly unknown[], signal: AbortSignal) {
  const { rows } = await pool.query<{ blocks: number }>(BLOCKS);
  const blocks = rows[0]?.blocks ?? 0;
  let dropped = 0;
  for (let block = 0; block < blocks && !signal.aborted; block += BLOCKS_A_STEP) {
    const stretch = [`(${block},0)`, `(${block + BLOCKS_A_STEP},0)`];
    dropped += (await pool.query(statement, [...stretch, ...values])).rowCount ?? 0;
  }
  return dropped;
}

/**
 * Drops what is kept too long, then the oldest of what is too much.
 * @returns how many entries are gone; fewer when the signal aborts
 */
export async function pruneLedger(
  pool: Pool,
  { days, mostEntries }: Keeping,
  signal: AbortSignal,
): Promise<{ readonly old: number; readonly surplus: number }> {
  const old = await dropInSteps(pool, DROP_OLD, [Object.keys(days), Object.values(days)], signal);
  const { rows } = await pool.query<{ at: string }>(NO_ROOM, [mostEntries]);
  const [noRoom] = rows;
  return { old, surplus: noRoom === undefined ? 0 : await dropInSteps(pool, DROP_UNTIL, [noRoom.at], signal) };
}

const TURN = `
  insert into linernotes.ledger_pruned as p (at) values (clock_timestamp())
  on conflict (one) do update set at = excluded.at
  where p.at < clock_timestamp() - $1::float8 * interval '1 ms'`;

/** Whether it is time to prune again, and ours to do: of all processes one is told so. */
export async function isTimeToPrune(pool: Pool, everyMs: number): Promise<boolean> {
  return (await pool.query(TURN, [everyMs])).rowCount === 1;
}

/** What was wrong: of a provider, of one kind or all (`null`), fetched since a moment or ever (`null`). */
export type Wrong = { readonly provider: string; readonly kind: string | null; readonly since: Date | null };

const FORGET = `
  delete from linernotes.ledger
  where provider = $1 and ($2::text is null or kind = $2) and ($3::timestamptz is null or fetched_at >= $3)`;

/** Takes answers back, so that they are asked again. Returns how many. */
export async function forgetAnswers(pool: Pool, { provider, kind, since }: Wrong): Promise<number> {
  return (await pool.query(FORGET, [provider, kind, since])).rowCount ?? 0;
}
