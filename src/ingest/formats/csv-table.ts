import { parse } from 'csv-parse/sync';

/** A CSV file as rows by column name. Names are trimmed: one exporter leads a header cell with tabs. */
export type Table = {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
};

/**
 * Reads a CSV text with a header row.
 * @returns `null` when the text is no table: fewer than two columns, or quotes that do not close
 */
export function readTable(text: string): Table | null {
  let records: string[][];
  try {
    records = parse(text, { bom: true, relaxColumnCount: true, skipEmptyLines: true, relaxQuotes: false });
  } catch {
    return null; // csv-parse says by exception that the text is no CSV, and that is an answer here.
  }
  const [header, ...body] = records;
  if (header === undefined || header.length < 2) return null;
  const columns = header.map((cell) => cell.trim());
  return { columns, rows: body.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? '']))) };
}
