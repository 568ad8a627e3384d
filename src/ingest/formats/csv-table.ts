import { parse } from 'csv-parse/sync';

/** One row by column name. Names are trimmed: one exporter leads a header cell with tabs. */
export type Cells = Readonly<Record<string, string>>;

/** A CSV file. Its rows are read from the text each time and not kept: a hundred thousand of them are ten times the file. */
export type Table = {
  readonly columns: readonly string[];
  /** Shows every row, in order. */
  each(visit: (cells: Cells) => void): void;
};

/** Hands over the records of a CSV text one by one; throws where quotes do not close. */
const read = (text: string, visit: (record: readonly string[], index: number) => void): void => {
  let index = 0;
  const onRecord = (record: string[]): null => {
    visit(record, index);
    index += 1;
    return null;
  };
  parse(text, { bom: true, relaxColumnCount: true, skipEmptyLines: true, relaxQuotes: false, onRecord });
};

/**
 * Reads a CSV text with a header row.
 * @returns `null` when the text is no table: fewer than two columns, or quotes that do not close
 */
export function readTable(text: string): Table | null {
  let columns: readonly string[] = [];
  try {
    read(text, (record, index) => {
      if (index === 0) columns = record.map((cell) => cell.trim());
    });
  } catch {
    return null; // csv-parse says by exception that the text is no CSV, and that is an answer here.
  }
  if (columns.length < 2) return null;
  const cellsOf = (record: readonly string[]): Cells =>
    Object.fromEntries(columns.map((name, i) => [name, record[i] ?? '']));
  return {
    columns,
    each: (visit) =>
      read(text, (record, index) => {
        if (index > 0) visit(cellsOf(record));
      }),
  };
}

/** What becomes of each row, in order. */
export function rowsOf<Row>(table: Table, rowOfCells: (cells: Cells) => Row): readonly Row[] {
  const rows: Row[] = [];
  table.each((cells) => void rows.push(rowOfCells(cells)));
  return rows;
}
