import { isDeepStrictEqual } from 'node:util';
import type { Pool } from 'pg';
import { isLed } from '#adapters/postgres/leader.ts';
import { LATEST_LOCK } from '#app/latest-worker.ts';
import { within } from './within.ts';

type Judge = { readonly latest: () => Promise<ReadonlyMap<string, unknown>> };

const PUBLISHED_MS = 30_000;

const ROWS = `
  select track_id as key, raw, appearances, sections, reports, summary, status, degraded, first_seen_at, complete_at, updated_at,
    track_id in (select track_id from linernotes.latest_outbox) as marked
  from tracks`;

type Row = Readonly<Record<string, unknown>> & { readonly key: string; readonly marked: boolean };

type Value = Readonly<Record<string, unknown>> & { readonly sightings: readonly { readonly observedAt: number }[] };

const momentOf = (text: unknown): number | null => (text === null ? null : Date.parse(String(text)));

/** The row in the topic's words; sightings as a set. */
const wantedOf = ({ key, marked: _, first_seen_at, complete_at, updated_at, appearances, ...row }: Row) => ({
  ...row,
  trackId: key,
  sightings: asSet(appearances as readonly unknown[]),
  sightingCount: (appearances as readonly unknown[]).length,
  firstSeenAt: momentOf(first_seen_at),
  completeAt: momentOf(complete_at),
  updatedAt: momentOf(updated_at),
});

const asSet = (values: readonly unknown[]): readonly string[] =>
  values.map((value) => JSON.stringify(sorted(value))).sort();

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, inner]) => [name, sorted(inner)]),
  );
};

/**
 * The last value of each key of `tracks.latest` is its row, once everything marked is published; where nobody publishes, marked rows
 * are left out. Keys without a row have a tombstone.
 */
export async function wrongLatest(pool: Pool, judge: Judge): Promise<readonly string[]> {
  const settled = async (): Promise<boolean> => {
    const { rows } = await pool.query('select from linernotes.latest_outbox limit 1');
    return rows.length === 0 || !(await isLed(pool, LATEST_LOCK));
  };
  await within(settled, PUBLISHED_MS, () => 'tracks.latest to be told of every change');
  let latest: ReadonlyMap<string, unknown> = new Map();
  const read = async (): Promise<boolean> => {
    latest = await judge.latest();
    return true;
  };
  await within(
    () => read().catch(() => false),
    PUBLISHED_MS,
    () => 'tracks.latest at rest',
  );
  const { rows } = await pool.query<Row>(ROWS);
  const keys = new Set(rows.map(({ key }) => key));
  return [
    ...rows.flatMap((row) =>
      row.marked || isRow(latest.get(row.key), row) ? [] : [`${row.key}: tracks.latest is not its row.`],
    ),
    ...[...latest].flatMap(([key, value]) =>
      keys.has(key) || value === null ? [] : [`${key}: tracks.latest has a value, no row.`],
    ),
  ];
}

function isRow(value: unknown, row: Row): boolean {
  if (value === undefined || value === null) return false;
  const { sightings, ...rest } = value as Value;
  return isDeepStrictEqual({ ...rest, sightings: asSet(sightings) }, wantedOf(row));
}
