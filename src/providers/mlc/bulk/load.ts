import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isrcOf } from '#track/identity.ts';
import { ipiKey } from '#track/names.ts';
import { plainKey, wordKeys } from './keys.ts';
import { BULK_FILES, BULK_TABLES, type BulkTable, placesOf, rowOf } from './layout.ts';
import { linesFrom } from './lines.ts';
import type { BulkLoading, BulkStore } from './store.ts';

/** A file of the feed that is in the folder. */
type Present = { readonly table: BulkTable; readonly file: string; readonly path: string; readonly size: number };

const CHUNK_BYTES = 1_000_000;

/** The files of a feed in a folder, and the name of the snapshot, which changes when any of them does. */
export async function bulkFeedIn(
  folder: string,
): Promise<
  { readonly snapshot: string; readonly files: readonly Present[] } | { readonly missing: readonly string[] }
> {
  const names = new Map((await readdir(folder)).map((name) => [name.toLowerCase(), name]));
  const files: Present[] = [];
  const missing: string[] = [];
  const hash = createHash('sha256');
  for (const table of BULK_TABLES) {
    const { names: known, required } = BULK_FILES[table];
    const file = known.map((name) => names.get(name)).find((name) => name !== undefined);
    if (file === undefined) {
      if (required) missing.push(known[0]);
      continue;
    }
    const path = join(folder, file);
    const { size, mtimeMs } = await stat(path);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
    files.push({ table, file, path, size });
  }
  return missing.length > 0 ? { missing } : { snapshot: hash.digest('hex').slice(0, 16), files };
}

/** Cells as they are looked for: keys beside titles and names, codes in one spelling. Rows without what they are found by are left out. */
const PREPARED: Readonly<Record<BulkTable, (cells: readonly (string | null)[]) => readonly (string | null)[] | null>> =
  {
    works: ([id, iswc, title, disputed]) =>
      id ? [id, iswc ?? null, title ?? null, disputed ?? null, keyOf(title)] : null,
    titles: ([work, title]) => (work && title ? [work, title, keyOf(title)] : null),
    parties: ([id, ipi, name, before, keyName]) =>
      id ? [id, ipi ? ipiKey(ipi) : null, name ?? null, before ?? null, keyName ?? null, lastKey(name, keyName)] : null,
    shares: (cells) => (cells[0] && cells[1] ? cells : null),
    resources: ([id, isrc]) => {
      const code = isrcOf(isrc ?? '');
      return id && code !== null ? [id, code] : null;
    },
    links: ([work, resource]) => (work && resource ? [work, resource] : null),
  };

const keyOf = (text: string | null | undefined): string | null => (text ? plainKey(text) : null);

/** The last name where the feed tells it, else the last word; scripts without spaces have one word. */
const lastKey = (name: string | null | undefined, keyName: string | null | undefined): string | null =>
  keyName ? plainKey(keyName) : (wordKeys(name ?? '').at(-1) ?? null);

async function fill(loading: BulkLoading, { table, file, path, size }: Present, signal: AbortSignal): Promise<void> {
  const { columns } = BULK_FILES[table];
  const from = await loading.doneOf(file);
  if (from >= size) return;
  const first = await firstLineOf(path);
  const places = placesOf(columns, first);
  for await (const { lines, end } of linesFrom(createReadStream(path, { start: from, highWaterMark: CHUNK_BYTES }))) {
    signal.throwIfAborted();
    const rows = lines.flatMap((line) => {
      const cells = line.startsWith('#') ? null : rowOf(line, places);
      const row = cells === null ? null : PREPARED[table](cells);
      return row === null ? [] : [row];
    });
    await loading.add(table, rows, file, from + end);
  }
}

async function firstLineOf(path: string): Promise<string> {
  for await (const { lines } of linesFrom(createReadStream(path, { highWaterMark: 64_000 }))) return lines[0] ?? '';
  return '';
}

/** What came of loading. */
export type BulkLoaded =
  | { readonly kind: 'loaded' | 'live' | 'elsewhere'; readonly snapshot: string }
  | { readonly kind: 'incomplete'; readonly missing: readonly string[] };

/**
 * Brings the feed of a folder into the store, a megabyte at a time. What a killed process has brought in stays in; the feed before
 * answers until this one is whole.
 * @throws when the folder cannot be read, the store is lost, or the signal aborts
 */
export async function loadBulkFeed(folder: string, store: BulkStore, signal: AbortSignal): Promise<BulkLoaded> {
  const feed = await bulkFeedIn(folder);
  if ('missing' in feed) return { kind: 'incomplete', missing: feed.missing };
  const kind = await store.load(feed.snapshot, async (loading) => {
    for (const file of feed.files) await fill(loading, file, signal);
  });
  return { kind, snapshot: feed.snapshot };
}
