/** One line of a benchmark. `target` in words and `holds` where something was promised, else null. */
export type Row = {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string | null;
  readonly holds: boolean | null;
};

/** A measurement without a promise. */
export const measured = (metric: string, value: number, unit: string): Row => ({
  metric,
  value: rounded(value),
  unit,
  target: null,
  holds: null,
});

/** A measurement with its promise. */
export const promised = (metric: string, value: number, unit: string, target: string, holds: boolean): Row => ({
  metric,
  value: rounded(value),
  unit,
  target,
  holds,
});

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The rows as people read them. */
function tableOf(name: string, rows: readonly Row[]): readonly string[] {
  const cells = rows.map(({ metric, value, unit, target, holds }) => [
    metric,
    value.toLocaleString('en-US'),
    unit,
    target ?? '',
    holds === null ? '' : holds ? 'holds' : 'BROKEN',
  ]);
  const all = [['metric', 'value', 'unit', 'target', ''], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return ['', `bench ${name}`, '', ...all.map(line), ''];
}

/**
 * Prints a benchmark: a table and, when asked, one JSON object as the last line.
 * @returns the exit code: 1 when a promise is broken
 */
export function printReport(name: string, rows: readonly Row[], json: boolean): number {
  for (const line of tableOf(name, rows)) process.stdout.write(`${line}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ name, rows })}\n`);
  return rows.some(({ holds }) => holds === false) ? 1 : 0;
}
